import { idOf } from '../command-side/uuid.ts'
import { memoryRateLimiter } from '../infra/auth/memory-rate-limiter.ts'
import type { Config } from '../infra/config/load-config.ts'
import { mergedMetrics } from '../infra/metrics/merged-metrics.ts'
import { createMetrics } from '../infra/metrics/metrics.ts'
import { beginPostgres } from '../infra/postgres/server.ts'
import { aborted } from './aborted.ts'
import { openDataFolder } from './data-folder.ts'
import { demoMerchantId, registerDemoMerchant } from './demo.ts'
import { ownFront } from './front.ts'
import { type Whereabouts, firstPaymentKey } from './greeting.ts'
import { openLog, openReads, readModelsProbe, statusCache, type Surroundings } from './ground.ts'
import { lockFolder } from './instance-lock.ts'
import { listen } from './listen.ts'
import { notReady } from './not-ready.ts'
import { type ProjectionsProcess, startProjections } from './projections-process.ts'
import { createSides } from './sides.ts'
import { workersFront } from './workers/workers-front.ts'

const childTimeoutMs = 12_000

/** What happens around the start. */
export type Occasion = Omit<Surroundings, 'config' | 'metrics'> & {
  /** Aborted when nothing more is to be started. */
  readonly signal: AbortSignal
}

/**
 * Starts everything on the data folder, in order, and resolves when all of it answers; commands are taken before that, as
 * soon as the log is open and PostgreSQL has been started. Throws a `StartError`.
 */
export const bringUp = async (given: Config, { log, teardown, signal, onFailure }: Occasion): Promise<Whereabouts> => {
  const metrics = createMetrics('main')
  const folder = await openDataFolder(given.DAYBOOK_DATA)
  const config = { ...given, DAYBOOK_DATA: folder.path }
  const surroundings = { config, metrics, log, teardown, onFailure }
  const lock = await lockFolder(folder.path)
  teardown.add('the lock', () => lock.release())

  let projections: ProjectionsProcess | undefined
  const projectionsReady = (): boolean => projections?.isReady() ?? false
  const limiter = memoryRateLimiter(config.RATE_LIMIT_MAX_REQUESTS, config.RATE_LIMIT_WINDOW)
  const cache = statusCache(surroundings)
  const front =
    config.WORKERS === 1
      ? await ownFront(surroundings, cache)
      : await workersFront(surroundings, limiter, () => (projectionsReady() ? [] : ['projections']))
  const metricsListener = await listen(
    { host: config.HOST, port: config.METRICS_PORT, variable: 'METRICS_PORT' },
    notReady,
  )
  teardown.add('the metrics port', () => metricsListener.stop(0))

  const { eventLog, store } = openLog(folder, surroundings)
  signal.throwIfAborted()

  const postgres = await beginPostgres(folder.path, config.DB_PORT)
  teardown.add('PostgreSQL', () => postgres.stop())
  void postgres.died.then(onFailure)
  signal.throwIfAborted()

  const pool = openReads(postgres.connection, surroundings)
  teardown.add('the projections', async () => projections?.stop(childTimeoutMs))
  const probes = [{ name: 'projections', ready: () => Promise.resolve(projectionsReady()) }, readModelsProbe(pool)]
  const data = { secret: folder.secret, eventLog, store, pool, cache, projectionsReady }
  const ground = { config, ...data, probes, limiter, metrics, log }
  const { http, commandSide } = createSides(ground)
  teardown.add('the command side', () => commandSide.stop())
  const demo = config.NODE_ENV === 'production' ? undefined : await demoOf(store, folder.secret)
  // Commands need the log alone: they need not wait while PostgreSQL recovers from a crash.
  await Promise.race([front.serve(http, postgres.connection), aborted(signal)])
  await Promise.race([postgres.ready, aborted(signal)])
  signal.throwIfAborted()

  const started = startProjections(config, postgres.connection, front, log)
  projections = started
  void started.gaveUp.then(onFailure)
  await Promise.race([started.ready, aborted(signal)])
  signal.throwIfAborted()
  commandSide.start()

  const url = `http://${urlHost(config.HOST)}:${front.port}`
  metricsListener.serve(async () => {
    const text = await mergedMetrics(metrics.registry, [...front.metrics(), ...started.metrics()])
    return new Response(text, { headers: { 'content-type': metrics.registry.contentType } })
  })
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

/** A host as it stands in a URL that people open on this machine. */
const urlHost = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
