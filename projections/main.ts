import { join } from 'node:path'
import { start, type Position } from '../domain/position.ts'
import { loadConfig } from '../infra/config/load-config.ts'
import { openEventLog } from '../infra/lmdb/event-log.ts'
import { createLogger } from '../infra/logging/logger.ts'
import { createMetrics } from '../infra/metrics/metrics.ts'
import { closePool, openPool } from '../infra/postgres/pools.ts'
import { readModelServer } from '../infra/postgres/read-model-server.ts'
import { yieldToOthers } from '../infra/yield-to-others.ts'
import { journalProjection } from './journal/journal.ts'
import { lagBehind } from './lag.ts'
import { tellParent, tellStatuses } from './messages.ts'
import { migrate } from './migrate.ts'
import { partitionsOf } from './partitions.ts'
import { paymentsProjection } from './payments/payments.ts'
import { payoutsProjection } from './payouts/payouts.ts'
import { runProjector } from './projector.ts'

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

const feed = openEventLog({ path: join(config.DAYBOOK_DATA, 'log'), readOnly: true })
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

let position: Position = start
let events = 0
const report = async (): Promise<void> => {
  const lag = await lagBehind(feed, position, new Date())
  for (const shard of server.shards.keys()) metrics.projectionLag(shard, lag.events, lag.seconds)
  await tellParent({ type: 'progress', position, events })
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
      feed,
      server,
      partitions,
      projections: [journalProjection(), paymentsProjection(), payoutsProjection()],
      statusCache: { put: tellStatuses },
      logger,
      onProgress: (reachedNow, count) => {
        position = reachedNow
        events += count
      },
    },
    stopping.signal,
  )
} catch (error) {
  logger.fatal({ err: error }, 'the projections cannot run')
  process.exitCode = 1
} finally {
  for (const timer of timers) clearInterval(timer)
  await closePool(pool)
  await feed.close()
  if (process.connected) process.disconnect()
}
