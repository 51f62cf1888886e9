import { EventEmitter, once } from 'node:events'
import { serialize } from 'node:v8'
import type { RateLimiter } from '../../http/rate-limit.ts'
import { toEnvironment } from '../../infra/config/load-config.ts'
import type { ReadModelsPlace } from '../engines/read-models.ts'
import type { Front } from '../front.ts'
import type { Surroundings } from '../ground.ts'
import { StartError } from '../start-error.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import { shareOf } from './share.ts'
import { consumeAll } from './shared-rate-limiter.ts'
import { startWorker } from './worker-process.ts'

/** A worker gives requests ten seconds, commands five more, and then has its connections to close. */
const stopTimeoutMs = 20_000

/**
 * Has `WORKERS` processes listen on one port. The system gives a connection to one of them. `limiter` counts for all.
 * `waitsFor` names what is not ready beside the workers. Throws a `StartError`.
 */
export const workersFront = async (
  { config, log, teardown, onFailure }: Surroundings,
  limiter: RateLimiter | undefined,
  waitsFor: () => readonly string[],
): Promise<Front> => {
  let place: ReadModelsPlace | undefined
  const heard = new EventEmitter<{ port: [number]; ready: []; failed: [Error] }>()
  const port = once(heard, 'port').then(([first]) => Number(first))
  const ready = once(heard, 'ready').then(() => undefined)
  const failed = new Promise<Error>((resolve) => heard.once('failed', resolve))

  const allReady = (): boolean => workers.every((worker) => worker.isReady())
  const tellAll = (message: ToWorker): void => {
    for (const worker of workers) worker.tell(message)
  }
  const tellReadiness = (): void =>
    tellAll({ type: 'waitsFor', names: [...waitsFor(), ...(allReady() ? [] : ['workers'])] })

  const onMessage = (message: FromWorker, answer: (message: ToWorker) => void): void => {
    switch (message.type) {
      case 'started':
        answer(place ? { type: 'serve', place } : { type: 'listen' })
        return
      case 'listening':
        heard.emit('port', message.port)
        return
      case 'ready':
        if (allReady()) heard.emit('ready')
        return
      case 'failed':
        heard.emit('failed', new StartError(message.reason))
        return
      case 'use': {
        const { number, keys } = message
        if (limiter) void consumeAll(limiter, keys).then((uses) => answer({ type: 'used', number, uses }))
        return
      }
      case 'metrics':
        return
    }
  }

  const environment = toEnvironment(shareOf(config))
  const workers = Array.from({ length: config.WORKERS }, (_, index) =>
    startWorker(index + 1, environment, { onMessage, onReadiness: tellReadiness }, log),
  )
  const stopAll = () => Promise.all(workers.map((worker) => worker.stop(stopTimeoutMs)))
  teardown.add('the HTTP port', stopAll)
  const ended = Promise.race([failed, ...workers.map((worker) => worker.gaveUp)])
  void ended.then(onFailure)

  return {
    port: await Promise.race([port, ended.then((reason) => Promise.reject(reason))]),
    putStatuses: (entries) => tellAll({ type: 'statuses', entries: serialize(entries) }),
    tellReadiness,
    serve: (_, given) => {
      place = given
      tellAll({ type: 'serve', place })
      teardown.add('requests under way', stopAll)
      return ready
    },
    metrics: () => workers.flatMap((worker) => worker.metrics()),
  }
}
