import { join } from 'node:path'
import { loadConfig } from '../../infra/config/load-config.ts'
import { openEventLog } from '../../infra/lmdb/event-log.ts'
import { logLag } from '../../infra/log-lag.ts'
import { createLogger } from '../../infra/logging/logger.ts'
import { createMetrics } from '../../infra/metrics/metrics.ts'
import { closePool, openPool } from '../../infra/postgres/pools.ts'
import { readModelServer } from '../../infra/postgres/read-model-server.ts'
import { yieldToOthers } from '../../infra/yield-to-others.ts'
import { runProjections } from '../../projections/main.ts'
import { tailFeed } from '../../projections/tail-feed.ts'
import { tellParent, tellStatuses } from './messages.ts'

// The projections' process: follows the log of the data folder and tells the process that started it what has changed.

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

const tell = async (message: Parameters<typeof tellParent>[0]): Promise<void> =>
  tellParent(message).catch((error: unknown) => logger.warn({ err: error }, 'the main process could not be told'))
const report = async (): Promise<void> => tell({ type: 'metrics', snapshot: await metrics.registry.getMetricsAsJSON() })
const reporting = setInterval(() => void report(), reportIntervalMs)

try {
  await runProjections(
    {
      servers: [readModelServer(pool, config.SHARDS)],
      feedOf: () => tailFeed(eventLog),
      lagOf: logLag([eventLog]),
      statusCache: { put: tellStatuses },
      logger,
      onLag: metrics.projectionLag,
      onHole: () => undefined,
      onReady: () => void report().then(() => tell({ type: 'ready' })),
    },
    stopping.signal,
  )
} catch (error) {
  logger.fatal({ err: error }, 'the projections cannot run')
  process.exitCode = 1
} finally {
  clearInterval(reporting)
  await closePool(pool)
  await eventLog.close()
  if (process.connected) process.disconnect()
}
