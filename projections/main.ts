import { join } from 'node:path'
import type { Position } from '../domain/position.ts'
import { loadConfig } from '../infra/config/load-config.ts'
import { openEventLog } from '../infra/lmdb/event-log.ts'
import { createLogger } from '../infra/logging/logger.ts'
import { createMetrics } from '../infra/metrics/metrics.ts'
import { closePool, openPool } from '../infra/postgres/pools.ts'
import { readModelServer } from '../infra/postgres/read-model-server.ts'
import { yieldToOthers } from '../infra/yield-to-others.ts'
import { journalProjection } from './journal/journal.ts'
import { type Lag, lagBehind } from './lag.ts'
import { tellParent, tellStatuses } from './messages.ts'
import { migrate } from './migrate.ts'
import { partitionsOf } from './partitions.ts'
import { paymentsProjection } from './payments/payments.ts'
import { payoutsProjection } from './payouts/payouts.ts'
import { runProjector } from './projector.ts'
import { reachedBy } from './reached.ts'
import { tailFeed } from './tail-feed.ts'

const dayMs = 24 * 60 * 60 * 1_000
const reportIntervalMs = 1_000
const stopTimeoutMs = 10_000

yieldToOthers(process.pid)
const config = loadConfig()
const logger = createLogger(config, 'projections')
const metrics = createMetrics('projections')
const stopping = new AbortController()

const stop = (): void => {
  if (stopping.signal.aborted) return
  stopping.abort()
  // Whatever holds us up, the cursors say where the next process goes on.
  setTimeout(() => process.exit(1), stopTimeoutMs).unref()
}
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, stop)

const eventLog = openEventLog({ path: join(config.DAYBOOK_DATA, 'log'), readOnly: true })
const pool = openPool(
  {
    host: config.DB_HOST,
    port: config.DB_PORT,
    user: config.DB_USER,
    password: config.DB_PASSWORD,
    database: config.DB_NAME,
  },
  {
    name: 'daybook projections',
    max: 4,
    connectionTimeoutMs: config.DB_CONNECTION_TIMEOUT,
    idleTimeoutMs: config.DB_IDLE_TIMEOUT,
    statementTimeoutMs: 60_000,
  },
  (error) => logger.warn({ err: error }, 'a connection to PostgreSQL was lost'),
)
const server = readModelServer(pool, config.SHARDS)
const partitions = partitionsOf(server)

const timers: NodeJS.Timeout[] = []
const every = (intervalMs: number, work: () => Promise<unknown>, failure: string): void => {
  const run = (): void => void work().catch((error: unknown) => logger.warn({ err: error }, failure))
  timers.push(setInterval(run, intervalMs))
}

const report = async (): Promise<void> => {
  const lags = new Map<Position, Promise<Lag>>()
  for (const { schema, position } of await reachedBy(server)) {
    const lag = lags.get(position) ?? lagBehind([eventLog], position, new Date())
    lags.set(position, lag)
    const { events, seconds } = await lag
    metrics.projectionLag(Number(schema.slice('shard_'.length)), events, seconds)
  }
  await tellParent({ type: 'metrics', snapshot: await metrics.registry.getMetricsAsJSON() })
}

try {
  const migrated = await migrate(server)
  if (migrated > 0) logger.info({ shards: migrated }, 'the read models were migrated')
  await partitions.ahead(new Date())
  every(dayMs, () => partitions.ahead(new Date()), 'the partitions of the next months could not be made')
  await report()
  every(reportIntervalMs, report, 'the progress could not be reported')
  await tellParent({ type: 'ready' })
  await runProjector(
    {
      feed: tailFeed(eventLog),
      server,
      partitions,
      projections: [journalProjection(), paymentsProjection(), payoutsProjection()],
      statusCache: { put: tellStatuses },
      logger,
      onProgress: () => undefined,
      onHole: ({ message }) =>
        logger.error({}, `the feed has left something out, which is read from the log: ${message}`),
    },
    stopping.signal,
  )
} catch (error) {
  logger.fatal({ err: error }, 'the projections cannot run')
  process.exitCode = 1
} finally {
  for (const timer of timers) clearInterval(timer)
  await closePool(pool)
  await eventLog.close()
  if (process.connected) process.disconnect()
}
