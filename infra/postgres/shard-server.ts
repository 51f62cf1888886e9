import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import type { Statement } from '../../query-side/shards.ts'
import { mayWorkElsewhere, speaksOfHost } from './passing.ts'
import { type Connection, closePool, openPool, type PoolSettings } from './pools.ts'
import type { Role } from './roles.ts'
import { type ServerPlace, schemasAt } from './shard-map.ts'
import { openLookout } from './sighting.ts'
import { createSockets } from './sockets.ts'
import { type Watch, type WatchSettings, watchHosts } from './watch.ts'

/** What a read asks of the host that answers it. */
export type ReadRules<Row> = {
  /** To be read where writes go, as long as there is such a host. */
  readonly newest?: boolean
  /** Whether a replica's answer will do; else the primary is asked. */
  readonly suffices?: (rows: readonly Row[]) => boolean
}

/** Connections for writes. */
export type Writes = {
  /** A connection to the host that takes writes; waits a bounded time for one, then rejects. */
  connect(): Promise<pg.PoolClient>
  /** Is told of what went wrong on such a connection. */
  doubt?(error: unknown): void
}

/** One server of the shard map, whichever of its hosts is the primary. */
export type ShardServer = Writes & {
  /** The schemas of its shards. */
  readonly shards: readonly string[]
  /** Runs one statement on one host, or on another one where the first can't answer. */
  read<Row>(statement: Statement, rules: ReadRules<Row>): Promise<readonly Row[]>
  close(): Promise<void>
}

/** How servers are connected to, and who hears of it. */
export type ServerSettings = {
  /** Who we are there. */
  readonly login: Omit<Connection, 'host' | 'port'>
  /** Of the connections to each host. */
  readonly pool: PoolSettings
  readonly watch: WatchSettings
  /** A connection ended while nobody used it. */
  readonly onTrouble: (host: string, error: Error) => void
  /** A host is used for something else from now on; `reason` says why it is lost. */
  readonly onRole: (host: string, role: Role, reason?: string) => void
}

const pauseMs = 20

const run = async <Row>(pool: pg.Pool, { text, values, name }: Statement): Promise<readonly Row[]> => {
  const { rows } = await pool.query({ text, values: [...values], ...(name === undefined ? {} : { name }) })
  return rows as readonly Row[]
}

/** A server of one host, through its connections. It is all there is, so nobody looks after it. */
export const serverOfPool = (pool: pg.Pool, shards: readonly string[]): ShardServer => ({
  shards,
  connect: () => pool.connect(),
  read: (statement) => run(pool, statement),
  close: () => closePool(pool),
})

/** The hosts that a read may be put to, in turn: one that should do, the primary, and whoever else answers. */
const candidates = (watch: Watch, newest: boolean, turn: number): readonly number[] => {
  const primary = watch.primary() ?? []
  const fit = [...watch.roles().entries()].flatMap(([host, role]) => (role === 'replica' ? [host] : []))
  const first = fit[turn % fit.length] ?? []
  return [...new Set([newest ? [] : first, primary, watch.replicas()].flat())]
}

/** A server of several hosts. Begins to look at them at once. */
const openHosts = (
  { shards, hosts }: { shards: readonly string[]; hosts: ServerPlace['hosts'] },
  settings: ServerSettings,
): ShardServer => {
  const { login, pool: poolSettings, onTrouble, onRole } = settings
  const opened = hosts.map((place) => {
    const name = `${place.host}:${place.port}`
    const sockets = createSockets()
    const onLost = (error: Error): void => onTrouble(name, error)
    return { name, sockets, pool: openPool({ ...login, ...place }, poolSettings, onLost, sockets) }
  })
  const lookouts = hosts.map((place) => openLookout({ ...login, ...place }, settings.watch.timeoutMs))
  const watch = watchHosts(lookouts, settings.watch, (index, role) => {
    const host = opened[index]
    if (role === 'lost' || role === 'oldPrimary')
      host?.sockets.cutOff(`${host.name} is left: ${watch.reason(index) ?? role}`)
    else host?.sockets.allow()
    onRole(host?.name ?? '', role, watch.reason(index))
  })
  const described = (): string =>
    opened.map(({ name }, host) => `${name} is ${watch.reason(host) ?? watch.roles()[host]}`).join(', ')

  let turn = 0

  const tryConnect = async (host: number | undefined, failed: (error: unknown) => void) => {
    if (host === undefined) return undefined
    try {
      return await opened[host]?.pool.connect()
    } catch (error) {
      failed(error)
      if (!mayWorkElsewhere(error)) throw error
      watch.doubt(host)
      return undefined
    }
  }

  return {
    shards,
    connect: async () => {
      const deadline = performance.now() + poolSettings.connectionTimeoutMs
      let failure: unknown
      await watch.begun
      for (;;) {
        const client = await tryConnect(watch.primary(), (error) => {
          failure = error
        })
        if (client !== undefined) return client
        if (performance.now() >= deadline) throw new Error(`none takes writes: ${described()}`, { cause: failure })
        await wait(pauseMs)
      }
    },
    doubt: (error) => {
      if (!speaksOfHost(error)) return
      for (const host of opened.keys()) watch.doubt(host)
    },
    read: async <Row>(statement: Statement, { newest = false, suffices = () => true }: ReadRules<Row>) => {
      let stale: readonly Row[] | undefined
      let failure: unknown
      if (watch.roles().includes('unseen')) await watch.begun
      for (const host of candidates(watch, newest, turn++)) {
        const pool = opened[host]?.pool
        if (pool === undefined) continue
        try {
          const rows = await run<Row>(pool, statement)
          if (host === watch.primary() || suffices(rows)) return rows
          stale ??= rows
        } catch (error) {
          if (!mayWorkElsewhere(error)) throw error
          if (speaksOfHost(error)) watch.doubt(host)
          failure = error
        }
      }
      if (stale !== undefined) return stale
      throw failure ?? new Error(`none answers: ${described()}`)
    },
    close: async () => {
      watch.close()
      await Promise.all(opened.map(({ pool }) => closePool(pool)))
    },
  }
}

/** Connects to a server of the shard map. */
export const openShardServer = (place: ServerPlace, settings: ServerSettings): ShardServer => {
  const [only, ...more] = place.hosts
  const shards = schemasAt(place)
  if (only === undefined || more.length > 0) return openHosts({ shards, hosts: place.hosts }, settings)
  const pool = openPool({ ...settings.login, ...only }, settings.pool, (error) =>
    settings.onTrouble(`${only.host}:${only.port}`, error),
  )
  return serverOfPool(pool, shards)
}
