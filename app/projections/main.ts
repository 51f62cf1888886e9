import { loadConfig } from '../../infra/config/load-config.ts'
import { createLogger } from '../../infra/logging/logger.ts'
import { createMetrics } from '../../infra/metrics/metrics.ts'
import { yieldToOthers } from '../../infra/yield-to-others.ts'
import { createTeardown } from '../teardown.ts'
import { followLog } from './follow-log.ts'
import { tellParent, tellStatuses } from './messages.ts'

// The projections' process: follows the log and tells the process that started it what has changed.

const reportIntervalMs = 1_000
const stopTimeoutMs = 10_000

yieldToOthers(process.pid)
const config = loadConfig()
const log = createLogger(config, 'projections')
const metrics = createMetrics('projections')
const teardown = createTeardown(log)
const stopping = new AbortController()

const stop = (): void => {
  if (stopping.signal.aborted) return
  stopping.abort()
  // Whatever holds us up, the cursors say where the next process goes on.
  setTimeout(() => process.exit(1), stopTimeoutMs).unref()
}
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, stop)

const tell = async (message: Parameters<typeof tellParent>[0]): Promise<void> =>
  tellParent(message).catch((error: unknown) => log.warn({ err: error }, 'the main process could not be told'))
const report = async (): Promise<void> => tell({ type: 'metrics', snapshot: await metrics.registry.getMetricsAsJSON() })
const reporting = setInterval(() => void report(), reportIntervalMs)

try {
  await followLog(
    { config, metrics, log, teardown, onFailure: stop },
    { onReady: () => void report().then(() => tell({ type: 'ready' })), putStatuses: tellStatuses },
    stopping.signal,
  )
} catch (error) {
  log.fatal({ err: error }, 'the projections cannot run')
  process.exitCode = 1
} finally {
  clearInterval(reporting)
  await teardown.run()
  if (process.connected) process.disconnect()
}
