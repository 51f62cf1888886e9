import type { EventStore } from '../command-side/event-store.ts'
import { createInProcessStatusCache, type InProcessStatusCache } from '../infra/cache/in-process-status-cache.ts'
import type { Config } from '../infra/config/load-config.ts'
import { type EventLog, openEventLog } from '../infra/lmdb/event-log.ts'
import type { Logger } from '../infra/logging/logger.ts'
import type { Metrics } from '../infra/metrics/metrics.ts'
import { type Connection, closePool, openPool } from '../infra/postgres/pools.ts'
import type { Probe } from '../query-side/health.ts'
import type { DataFolder } from './data-folder.ts'
import { diskFailure } from './disk-failure.ts'
import type { Teardown } from './teardown.ts'
import { watchedStore } from './watched-store.ts'

// What the sides stand on in any process that has them: the log, connections that read, a cache of statuses.

const cacheBounds = { maxEntries: 100_000, maxBytes: 64 * 1024 * 1024, ttlMs: 300_000 }
const statementTimeoutMs = 30_000

/** A process that has the sides. */
export type Surroundings = {
  readonly config: Config
  readonly metrics: Metrics
  readonly log: Logger
  /** Is told how to undo each step as soon as it is done. */
  readonly teardown: Teardown
  /** Hears why everything has to end, at any time. */
  readonly onFailure: (reason: Error) => void
}

/** The log, and the same as the command side writes it. */
export const openLog = (
  { path, log }: DataFolder,
  { config, metrics, teardown, onFailure }: Surroundings,
): { readonly eventLog: EventLog; readonly store: EventStore } => {
  const eventLog = openEventLog({ path: log, maxQueued: 2 * config.MAX_IN_FLIGHT })
  teardown.add('the log', () => eventLog.close())
  const store = watchedStore(eventLog, {
    onAppended: (types) => metrics.appended(types),
    onDiskFailure: (error) => onFailure(diskFailure(path, error)),
  })
  return { eventLog, store }
}

/** Connections to the read models, `DB_POOL_MAX` at most. */
export const openReads = (
  connection: Connection,
  { config, log, teardown }: Surroundings,
): ReturnType<typeof openPool> => {
  const pool = openPool(
    connection,
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
  return pool
}

/** Whether the read models can be asked. */
export const readModelsProbe = (pool: ReturnType<typeof openPool>): Probe => ({
  name: 'postgres',
  ready: async () => (await pool.query('select')).rowCount === 1,
})

/** Payments and payouts lately changed or asked for. */
export const statusCache = ({ metrics }: Surroundings): InProcessStatusCache =>
  createInProcessStatusCache(cacheBounds, (result) => metrics.cacheLookup('status', 'process', result))
