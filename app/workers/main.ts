import { deserialize } from 'node:v8'
import { loadConfig } from '../../infra/config/load-config.ts'
import { createLogger } from '../../infra/logging/logger.ts'
import { createMetrics } from '../../infra/metrics/metrics.ts'
import type { StatusEntry } from '../../projections/status-cache.ts'
import { openDataFolder } from '../data-folder.ts'
import { openCaches } from '../engines/caches.ts'
import { openGateways } from '../engines/gateways.ts'
import { openMerchants } from '../engines/merchants.ts'
import type { ReadModelsPlace } from '../engines/read-models.ts'
import { answerOn, openPort } from '../front.ts'
import { openKeyStore, openReads, openStore, writable } from '../ground.ts'
import type { Listener } from '../listen.ts'
import { readModelsProbe } from '../probes.ts'
import { openRebuilds } from '../rebuild/rebuilds.ts'
import { createSides } from '../sides.ts'
import { messageOf } from '../start-error.ts'
import { createTeardown } from '../teardown.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import { sharedRateLimiter } from './shared-rate-limiter.ts'

// A worker: both sides on the same data as the main process, without the work beside requests. It is told over its
// channel what to do, and when the channel is gone, because the main process is, the cluster module ends it.

const reportIntervalMs = 1_000

const config = loadConfig()
const name = `worker ${process.argv[2]}`
const log = createLogger(config, name)
const metrics = createMetrics(name)
const teardown = createTeardown(log)

const tell = (message: FromWorker): void => void process.send?.(message, undefined, undefined, () => undefined)
const onFailure = (reason: unknown): void => tell({ type: 'failed', reason: messageOf(reason) })
const surroundings = { config, metrics, log, teardown, onFailure }

const caches = openCaches(surroundings, true)
const counted = sharedRateLimiter((number, keys) => tell({ type: 'use', number, keys }))
// Where all machines count together, so do the workers of one.
const limiter = config.CACHE === 'in-process' && config.RATE_LIMIT_MAX_REQUESTS > 0 ? counted : caches.limiter
let waitsFor: readonly string[] = ['projections', 'workers']

const openAndTell = async (): Promise<Listener> => {
  const listener = await openPort(surroundings)
  tell({ type: 'listening', port: listener.port })
  return listener
}
let opened: Promise<Listener> | undefined
const port = (): Promise<Listener> => (opened ??= openAndTell())

const serve = async (place: ReadModelsPlace): Promise<void> => {
  const { secret } = await openDataFolder(config.DAYBOOK_DATA)
  const logs = openStore(surroundings)
  const located = { ...surroundings, config: { ...config, ...place } }
  const servers = openReads(located)
  const told = ['projections', 'workers'].map((each) => ({
    name: each,
    ready: () => Promise.resolve(!waitsFor.includes(each)),
  }))
  const { http, commandSide } = createSides({
    config,
    secret,
    logs,
    store: writable(logs, surroundings),
    keys: openKeyStore(surroundings),
    servers,
    caches,
    merchants: openMerchants(surroundings, logs, caches),
    gateways: openGateways(logs, caches),
    projectionsReady: () => !waitsFor.includes('projections'),
    probes: [...told, readModelsProbe(servers)],
    rebuilds: openRebuilds(located, logs),
    limiter,
    metrics,
    log,
  })
  teardown.add('the command side', () => commandSide.stop())
  answerOn(await port(), http, surroundings)
  const report = async () => tell({ type: 'metrics', snapshot: await metrics.registry.getMetricsAsJSON() })
  setInterval(() => void report(), reportIntervalMs)
  tell({ type: 'ready' })
}

const hear = (message: ToWorker): void => {
  switch (message.type) {
    case 'listen':
      port().catch(onFailure)
      return
    case 'serve':
      serve(message.place).catch(onFailure)
      return
    case 'waitsFor':
      waitsFor = message.names
      return
    case 'statuses':
      caches.hear(deserialize(message.entries) as readonly StatusEntry[])
      return
    case 'used':
      counted.answered(message.number, message.uses)
      return
  }
}

const onBug = (error: unknown): void => {
  log.fatal({ err: error }, 'a mistake in the program')
  process.exit(1)
}
process.on('uncaughtException', onBug)
process.on('unhandledRejection', onBug)
// Ctrl-C in a terminal is for the main process, which ends this one when its time comes.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.once('SIGTERM', () => void teardown.run().then(() => process.exit(0)))
// Only this program's own main process is on the other side.
process.on('message', (message) => hear(message as ToWorker))
tell({ type: 'started' })
