import { idOf } from '../command-side/uuid.ts'
import { createInProcessStatusCache } from '../infra/cache/in-process-status-cache.ts'
import type { Config } from '../infra/config/load-config.ts'
import { openEventLog } from '../infra/lmdb/event-log.ts'
import type { Logger } from '../infra/logging/logger.ts'
import { mergedMetrics } from '../infra/metrics/merged-metrics.ts'
import { createMetrics } from '../infra/metrics/metrics.ts'
import { closePool, openPool } from '../infra/postgres/pools.ts'
import { startPostgres } from '../infra/postgres/server.ts'
import { openDataFolder } from './data-folder.ts'
import { demoMerchantId, registerDemoMerchant } from './demo.ts'
import { diskFailure } from './disk-failure.ts'
import { type Whereabouts, firstPaymentKey } from './greeting.ts'
import { lockFolder } from './instance-lock.ts'
import { listen } from './listen.ts'
import { notReady } from './not-ready.ts'
import { startProjections } from './projections-process.ts'
import { createSides } from './sides.ts'
import type { Teardown } from './teardown.ts'
import { watchedStore } from './watched-store.ts'

const cacheBounds = { maxEntries: 100_000, maxBytes: 64 * 1024 * 1024, ttlMs: 300_000 }
const statementTimeoutMs = 30_000
const drainTimeoutMs = 10_000
const childTimeoutMs = 12_000

/** What happens around the start. */
export type Surroundings = {
  readonly log: Logger
  /** Is told how to undo each step as soon as it is done. */
  readonly teardown: Teardown
  /** Aborted when nothing more is to be started. */
  readonly signal: AbortSignal
  /** Hears why everything has to end, at any time. */
  readonly onFailure: (reason: Error) => void
}

/** Starts everything on the data folder, in order, and resolves when requests are answered. Throws a `StartError`. */
export const bringUp = async (config: Config, surroundings: Surroundings): Promise<Whereabouts> => {
  const { log, teardown, signal, onFailure } = surroundings
  const metrics = createMetrics('main')
  const folder = await openDataFolder(config.DAYBOOK_DATA)
  const lock = await lockFolder(folder.path)
  teardown.add('the lock', () => lock.release())

  const listener = await listen({ host: config.HOST, port: config.PORT, variable: 'PORT' }, notReady)
  teardown.add('the HTTP port', () => listener.stop(0))
  const metricsListener = await listen(
    { host: config.HOST, port: config.METRICS_PORT, variable: 'METRICS_PORT' },
    notReady,
  )
  teardown.add('the metrics port', () => metricsListener.stop(0))

  const eventLog = openEventLog({ path: folder.log, maxQueued: 2 * config.MAX_IN_FLIGHT })
  teardown.add('the log', () => eventLog.close())
  signal.throwIfAborted()

  const postgres = await startPostgres(folder.path, config.DB_PORT)
  teardown.add('PostgreSQL', () => postgres.stop())
  void postgres.died.then(onFailure)
  signal.throwIfAborted()

  const cache = createInProcessStatusCache(cacheBounds, (result) => metrics.cacheLookup(result))
  const projections = startProjections(
    config,
    folder.path,
    postgres.connection,
    (entries) => {
      for (const entry of entries) cache.put(entry)
    },
    log,
  )
  teardown.add('the projections', () => projections.stop(childTimeoutMs))
  void projections.gaveUp.then(onFailure)

  const pool = openPool(
    postgres.connection,
    {
      name: 'daybook',
      max: config.DB_POOL_MAX,
      connectionTimeoutMs: config.DB_CONNECTION_TIMEOUT,
      idleTimeoutMs: config.DB_IDLE_TIMEOUT,
      statementTimeoutMs,
      readOnly: true,
    },
    (error) => log.warn({ err: error }, 'a connection to PostgreSQL was lost'),
  )
  teardown.add('the connections to PostgreSQL', () => closePool(pool))

  const store = watchedStore(eventLog, {
    onAppended: (types) => metrics.appended(types),
    onDiskFailure: (error) => onFailure(diskFailure(folder.path, error)),
  })
  const probes = [
    { name: 'projections', ready: () => Promise.resolve(projections.isReady()) },
    { name: 'postgres', ready: async () => (await pool.query('select')).rowCount === 1 },
  ]
  const ground = { config, secret: folder.secret, eventLog, store, pool, cache, probes, metrics, log }
  const { http, commandSide } = createSides(ground)
  await Promise.race([projections.ready, untilAborted(signal)])
  signal.throwIfAborted()

  const url = `http://${urlHost(config.HOST)}:${listener.port}`
  const demo = config.NODE_ENV === 'production' ? undefined : await demoOf(store, folder.secret)
  commandSide.start()
  teardown.add('the command side', () => commandSide.stop())
  listener.serve((request, bindings) => http.fetch(request, bindings))
  metricsListener.serve(async () => {
    const text = await mergedMetrics(metrics.registry, projections.metrics())
    return new Response(text, { headers: { 'content-type': metrics.registry.contentType } })
  })
  teardown.add('requests under way', () => listener.stop(drainTimeoutMs))
  return {
    url,
    metricsUrl: `http://${urlHost(config.HOST)}:${metricsListener.port}/metrics`,
    dataFolder: folder.path,
    ...(demo ? { demo } : {}),
  }
}

const demoOf = async (store: Parameters<typeof registerDemoMerchant>[0], secret: string) => ({
  merchantId: demoMerchantId,
  key: await registerDemoMerchant(store, secret, new Date()),
  paymentId: idOf('pay', demoMerchantId, firstPaymentKey),
})

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))

/** A host as it stands in a URL that people open on this machine. */
const urlHost = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
