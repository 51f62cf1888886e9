import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster, type ClusterOptions, Redis } from 'ioredis'
import { within } from '../within.ts'
import type { TlsSettings } from '../config/tls.ts'
import { repeatable, type ScriptName, scripts } from './scripts.ts'
import { tellWhy } from './why-closed.ts'

/** Where Redis is: one server, or any nodes of a cluster. */
export type RedisSettings = {
  readonly nodes: readonly { readonly host: string; readonly port: number }[]
  readonly cluster: boolean
  readonly username?: string
  readonly password?: string
  readonly tls?: TlsSettings
  /** How often what can be done twice is sent again within its time; 0 when absent. */
  readonly retries?: number
}

/** Redis did not answer in time, or nobody is there. What was asked may have been done. */
export class RedisUnavailable extends Error {
  override name = 'RedisUnavailable'
}

export type RedisConnection = {
  get(key: string): Promise<string | null>
  /** Runs a script on the key; the answer is whatever that returns. */
  run(script: ScriptName, key: string, ...args: readonly string[]): Promise<unknown>
  /** Some keys like the pattern, a few hundred at once, from where `next` of a call before says; undefined at the end. */
  scan(
    pattern: string,
    from: string | undefined,
  ): Promise<{ readonly keys: readonly string[]; readonly next: string | undefined }>
  close(): Promise<void>
}

/** Keys are looked through so many at once. */
const scanned = 500

/** The masters, always in the same order; the one server where there is no cluster. */
const mastersOf = (client: Redis | Cluster): readonly Redis[] =>
  client instanceof Cluster
    ? client
        .nodes('master')
        .toSorted((one, other) =>
          `${one.options.host}:${one.options.port}` < `${other.options.host}:${other.options.port}` ? -1 : 1,
        )
    : [client]

/** Nothing waits inside the client: what it cannot send is refused at once, what is not answered is given up. */
const patience = (timeoutMs: number) => ({
  commandTimeout: Math.max(250, timeoutMs),
  connectTimeout: Math.max(500, timeoutMs),
  socketTimeout: Math.max(500, timeoutMs),
  maxRetriesPerRequest: 0,
})
const again = (times: number): number => Math.min(50 * times, 500)
const nodes: ClusterOptions = {
  enableOfflineQueue: false,
  // The client goes on for ever with that when it is closed while an answer is awaited.
  slotsRefreshInterval: 0,
  slotsRefreshTimeout: 500,
  maxRedirections: 4,
  retryDelayOnFailover: 50,
  retryDelayOnClusterDown: 50,
  clusterRetryStrategy: again,
}

type Client = (Redis | Cluster) & Record<string, (key: string, ...args: readonly string[]) => Promise<unknown>>

const known = Object.fromEntries(Object.entries(scripts).map(([name, lua]) => [name, { lua, numberOfKeys: 1 }]))

/** How to get in, and how long to wait. */
const accessOf = ({ username, password, tls }: RedisSettings, timeoutMs: number) => ({
  ...patience(timeoutMs),
  ...(username === undefined ? {} : { username }),
  ...(password === undefined ? {} : { password }),
  ...(tls === undefined ? {} : { tls }),
})
/** Certificates are held against names: the client of a cluster would have their addresses instead. */
const byName: Pick<ClusterOptions, 'dnsLookup'> = { dnsLookup: (name, found) => found(null, name) }

const clientOf = (
  { nodes: [first, ...others], cluster, tls }: RedisSettings,
  access: ReturnType<typeof accessOf>,
): Client => {
  if (first === undefined) throw new RangeError('no Redis is named')
  const options = { ...nodes, ...(tls === undefined ? {} : byName), scripts: known, redisOptions: access }
  const client = cluster
    ? new Cluster([first, ...others], options)
    : new Redis({ ...access, ...first, enableOfflineQueue: false, retryStrategy: again, scripts: known })
  return client as unknown as Client
}

const retryAfterMs = 10

/** Does the work again after it failed, so often at most and no later than `until`. */
const tryAgain = async <T>(work: () => Promise<T>, retries: number, until: number): Promise<T> => {
  for (let tried = 0; ; tried++) {
    try {
      return await work()
    } catch (error) {
      if (tried >= retries || performance.now() + retryAfterMs >= until) throw error
      await sleep(retryAfterMs)
    }
  }
}

const mapInterval = { troubledMs: 1_000, quietMs: 10_000 }
/** Longer than a cluster with Redis' own settings takes to replace a master. */
const troubleLastsMs = 30_000

/**
 * Asks for a cluster's map again and again, because a master that is silent would never be replaced otherwise: often where
 * something went wrong of late, and seldom where not, since all 16,384 slots are gone through each time. Call `stop` to end
 * that.
 */
const keepMap = (client: Client): { trouble(): void; stop(): void } => {
  if (!(client instanceof Cluster)) return { trouble: () => undefined, stop: () => undefined }
  let askedAt = performance.now()
  let troubleAt = Number.NEGATIVE_INFINITY
  const timer = setInterval(() => {
    const now = performance.now()
    const isTroubled = now - troubleAt < troubleLastsMs
    if (client.status !== 'ready' || (!isTroubled && now - askedAt < mapInterval.quietMs)) return
    askedAt = now
    client.refreshSlotsCache()
  }, mapInterval.troubledMs)
  return { trouble: () => void (troubleAt = performance.now()), stop: () => clearInterval(timer) }
}

/**
 * Connects, and again whenever the connection is lost. Each call is answered or rejected with `RedisUnavailable` within
 * `timeoutMs`; the client's own limit counts for each try only. `onTrouble` hears of connections that are lost.
 */
export const connectRedis = (
  settings: RedisSettings,
  timeoutMs: number,
  onTrouble: (error: Error) => void,
): RedisConnection => {
  const access = accessOf(settings, timeoutMs)
  const client = clientOf(settings, access)
  const alone = (place: object): Redis =>
    new Redis({ ...access, ...place, lazyConnect: true, retryStrategy: () => null })
  const map = keepMap(client)
  const trouble = (error: Error): void => {
    map.trouble()
    onTrouble(error)
  }
  client.on('error', trouble)
  client.on('node error', tellWhy(alone, trouble))

  const unavailable = (error: unknown): never => {
    map.trouble()
    throw new RedisUnavailable(error instanceof Error ? error.message : String(error), { cause: error })
  }
  const { retries = 0 } = settings
  const ask = <T>(work: () => Promise<T>, times = retries): Promise<T> =>
    within(
      timeoutMs,
      () => tryAgain(work, times, performance.now() + timeoutMs).catch(unavailable),
      () => {
        map.trouble()
        return new RedisUnavailable(`no answer within ${timeoutMs} ms`)
      },
    )

  return {
    get: (key) => ask(() => client.get(key)),
    run: (script, key, ...args) =>
      ask(
        () => client[script]?.(key, ...args) ?? Promise.reject(new RangeError(`${script} is no script`)),
        repeatable[script] ? retries : 0,
      ),
    scan: (pattern, from = '0 0') =>
      ask(async () => {
        const [place, cursor = '0'] = from.split(' ')
        const node = Number(place)
        const masters = mastersOf(client)
        const master = masters[node]
        if (master === undefined) return { keys: [], next: undefined }
        const [then, keys] = await master.scan(cursor, 'MATCH', pattern, 'COUNT', scanned)
        if (then !== '0') return { keys, next: `${node} ${then}` }
        return { keys, next: node + 1 < masters.length ? `${node + 1} 0` : undefined }
      }),
    close: async () => {
      map.stop()
      client.disconnect()
    },
  }
}
