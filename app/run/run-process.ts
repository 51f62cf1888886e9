import type { Config } from '../../infra/config/load-config.ts'
import { createLogger } from '../../infra/logging/logger.ts'
import { createMetrics, type Metrics } from '../../infra/metrics/metrics.ts'
import { healthRoutes, type Probe, probeTimeoutMs } from '../../query-side/health.ts'
import type { Surroundings } from '../ground.ts'
import { type Life, live } from '../life.ts'
import { listen } from '../listen.ts'
import { notReady } from '../not-ready.ts'
import { StartError } from '../start-error.ts'
import type { Teardown } from '../teardown.ts'
import { urlOf } from '../url.ts'

/** A process that has one task, which can run as often as one likes. */
export type Task = Surroundings & Life

/** What a task that has begun is asked, and where it answers requests where it does. */
export type Begun = { readonly probes: readonly Probe[]; readonly port?: number }

const figuresEveryMs = 1_000

/** Tells the process that started this one, where one has, its figures. */
const tellFigures = ({ registry }: Metrics, teardown: Teardown): void => {
  if (process.send === undefined) return
  const tell = async (): Promise<void> => {
    const figures = await registry.getMetricsAsJSON()
    if (process.connected) process.send?.(figures, undefined, undefined, () => undefined)
  }
  const timer = setInterval(() => void tell(), figuresEveryMs)
  teardown.add('the figures', async () => clearInterval(timer))
}

/**
 * Runs one task, with its health and metrics on `METRICS_PORT`; resolves and throws as `live` does. Throws a `StartError`
 * where it would have to start a PostgreSQL of its own, which the other processes would not find.
 */
export const runProcess = async (
  config: Config,
  name: string,
  begin: (task: Task) => Promise<Begun>,
): Promise<number> => {
  if (config.READ_MODELS === 'embedded' && config.DB_PORT === 0)
    throw new StartError('processes that run one task each share their read models: set READ_MODELS=postgres')
  const log = createLogger(config, name)
  const metrics = createMetrics(name)
  const endWithParent = process.send !== undefined || config.npm_lifecycle_event !== undefined
  return live(log, endWithParent, async (life) => {
    const address = { host: config.HOST, port: config.METRICS_PORT, variable: 'METRICS_PORT' }
    const listener = await listen(address, notReady)
    life.teardown.add('the metrics port', () => listener.stop(0))
    const { probes, port } = await begin({ config, metrics, log, ...life })
    const contentType = metrics.registry.contentType
    const routes = healthRoutes(probes, probeTimeoutMs).get('/metrics', async (c) =>
      c.body(await metrics.registry.metrics(), 200, { 'content-type': contentType }),
    )
    listener.serve((request) => routes.fetch(request))
    tellFigures(metrics, life.teardown)
    if (port !== undefined) process.stdout.write(`  API      ${urlOf(config.HOST, port)}\n`)
    process.stdout.write(`  Metrics  ${urlOf(config.HOST, listener.port)}/metrics\nDaybook ${name} runs.\n`)
  })
}
