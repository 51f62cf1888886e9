import { idOf } from '../command-side/uuid.ts'
import type { Config } from '../infra/config/load-config.ts'
import { mergedMetrics } from '../infra/metrics/merged-metrics.ts'
import { createMetrics } from '../infra/metrics/metrics.ts'
import { aborted } from './aborted.ts'
import { beginReadModels } from './begin-read-models.ts'
import { openDataFolder } from './data-folder.ts'
import { demoMerchantId, registerDemoMerchant } from './demo.ts'
import { openCaches } from './engines/caches.ts'
import { openGateways, warmGateways } from './engines/gateways.ts'
import { openMerchants, warmMerchants } from './engines/merchants.ts'
import { ownFront } from './front.ts'
import { type Whereabouts, firstPaymentKey } from './greeting.ts'
import { openKeyStore, openReads, openStore, type Surroundings, writable } from './ground.ts'
import { lockFolder } from './instance-lock.ts'
import { listen } from './listen.ts'
import type { Life } from './life.ts'
import { notReady } from './not-ready.ts'
import { type ProjectionsProcess, startProjections } from './projections-process.ts'
import { readModelsProbe } from './probes.ts'
import { openRebuilds } from './rebuild/rebuilds.ts'
import { createSides } from './sides.ts'
import { startTask, type TaskProcess } from './task-process.ts'
import { urlOf } from './url.ts'
import { workersFront } from './workers/workers-front.ts'

const childTimeoutMs = 12_000

/** What happens around the start. */
export type Occasion = Life & Pick<Surroundings, 'log'>

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
  const caches = openCaches(surroundings, true)
  const { limiter } = caches
  const front =
    config.WORKERS === 1
      ? await ownFront(surroundings, caches)
      : await workersFront(surroundings, limiter, () => (projectionsReady() ? [] : ['projections']))
  const metricsListener = await listen(
    { host: config.HOST, port: config.METRICS_PORT, variable: 'METRICS_PORT' },
    notReady,
  )
  teardown.add('the metrics port', () => metricsListener.stop(0))

  const logs = openStore(surroundings)
  const store = writable(logs, surroundings)
  const keys = openKeyStore(surroundings)
  signal.throwIfAborted()

  const readModels = await beginReadModels(surroundings)
  const located = { ...surroundings, config: { ...config, ...readModels.place } }
  signal.throwIfAborted()

  const servers = openReads(located)
  teardown.add('the projections', async () => projections?.stop(childTimeoutMs))
  const probes = [{ name: 'projections', ready: () => Promise.resolve(projectionsReady()) }, readModelsProbe(servers)]
  const merchants = openMerchants(surroundings, logs, caches)
  const gateways = openGateways(logs, caches)
  const rebuilds = openRebuilds(located, logs)
  const data = {
    secret: folder.secret,
    logs,
    store,
    keys,
    servers,
    caches,
    merchants,
    gateways,
    projectionsReady,
    rebuilds,
  }
  const ground = { config, ...data, probes, limiter, metrics, log }
  const { http, commandSide } = createSides(ground)
  teardown.add('the command side', () => commandSide.stop())
  const demo = config.NODE_ENV === 'production' ? undefined : await demoOf(store, folder.secret)
  // Commands need the log alone: they need not wait while PostgreSQL recovers from a crash.
  await Promise.race([front.serve(http, readModels.place), aborted(signal)])
  await Promise.race([readModels.ready, aborted(signal)])
  signal.throwIfAborted()

  const started = startProjections(located.config, front, log)
  projections = started
  void started.gaveUp.then(onFailure)
  const tasks: TaskProcess[] = []
  const startOne = (task: Parameters<typeof startTask>[0]): TaskProcess => {
    const process = startTask(task, located)
    tasks.push(process)
    return process
  }
  if (config.FEED === 'kafka') void startOne('relay').gaveUp.then(onFailure)
  // Payments go on without it.
  if (config.EVENT_STORE === 'lmdb')
    void startOne('notary').gaveUp.then((error) => log.error({ err: error }, 'no checkpoints are made any more'))
  await Promise.race([started.ready, aborted(signal)])
  signal.throwIfAborted()
  if (config.RECONCILIATION_INTERVAL > 0)
    void startOne('reconciler').gaveUp.then((error) =>
      log.error({ err: error }, 'nothing is compared with the log any more'),
    )
  commandSide.start()
  warmMerchants(merchants, servers, surroundings)
  warmGateways(gateways, commandSide.gateways, surroundings)

  const url = urlOf(config.HOST, front.port)
  metricsListener.serve(async () => {
    const text = await mergedMetrics(metrics.registry, [
      ...front.metrics(),
      ...started.metrics(),
      ...tasks.flatMap((task) => task.metrics()),
    ])
    return new Response(text, { headers: { 'content-type': metrics.registry.contentType } })
  })
  return {
    url,
    metricsUrl: `${urlOf(config.HOST, metricsListener.port)}/metrics`,
    dataFolder: folder.path,
    ...(demo ? { demo } : {}),
  }
}

const demoOf = async (store: Parameters<typeof registerDemoMerchant>[0], secret: string) => ({
  merchantId: demoMerchantId,
  key: await registerDemoMerchant(store, secret, new Date()),
  paymentId: idOf('pay', demoMerchantId, firstPaymentKey),
})
