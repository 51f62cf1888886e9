import type { ChildProcess } from 'node:child_process'
import cluster from 'node:cluster'
import { join } from 'node:path'
import type { Snapshot } from '../../infra/metrics/merged-metrics.ts'
import { type RestartRule, type Supervised, supervise } from '../supervise.ts'
import type { FromWorker, ToWorker } from './messages.ts'

const restartRule: RestartRule = { maxEnds: 6, windowMs: 60_000, firstWaitMs: 200 }

// The workers accept connections themselves. If this process did and handed them on, one on its way to a worker that
// dies would be held open and never answered.
cluster.schedulingPolicy = cluster.SCHED_NONE

/** One of the processes that answer requests; another one takes its place when it ends. */
export type WorkerProcess = {
  /** Whether the process that runs now answers requests. */
  isReady(): boolean
  /** Its figures as of a moment ago; none while it is not there. */
  metrics(): readonly Snapshot[]
  /** Dropped where no process is there to hear it: the next one says that it has started. */
  tell(message: ToWorker): void
} & Pick<Supervised, 'gaveUp' | 'stop'>

/** Who hears of a worker. */
export type Hearers = {
  onMessage(message: FromWorker, answer: (message: ToWorker) => void): void
  /** It answers requests from now on, or does so no more. */
  onReadiness(): void
}

type Log = { warn(fields: Readonly<Record<string, unknown>>, message: string): void }

/** Starts worker `number` in `environment`, and again when it ends. It ends with this process, whatever ends that. */
export const startWorker = (
  number: number,
  environment: Readonly<Record<string, string>>,
  { onMessage, onReadiness }: Hearers,
  log: Log,
): WorkerProcess => {
  let ready = false
  let figures: Snapshot | undefined

  const tell = (child: ChildProcess | undefined, message: ToWorker): void => {
    if (child?.connected) child.send(message, () => undefined)
  }

  const hear = (child: ChildProcess, message: FromWorker): void => {
    if (message.type === 'metrics') figures = message.snapshot
    if (message.type === 'ready') {
      ready = true
      onReadiness()
    }
    onMessage(message, (answer) => tell(child, answer))
  }

  const start = (): ChildProcess => {
    // The cluster module has these for whatever is forked next.
    const exec = join(import.meta.dirname, 'main.js')
    cluster.setupPrimary({ exec, args: [String(number)], serialization: 'advanced' })
    const child = cluster.fork(environment).process
    // Only this program's own process is on the other side.
    child.on('message', (message) => hear(child, message as FromWorker))
    child.once('exit', () => {
      ready = false
      figures = undefined
      onReadiness()
    })
    return child
  }

  const supervised = supervise(`worker ${number}`, start, restartRule, log)
  return {
    isReady: () => ready,
    metrics: () => (figures ? [figures] : []),
    tell: (message) => tell(supervised.current(), message),
    gaveUp: supervised.gaveUp,
    stop: (timeoutMs) => supervised.stop(timeoutMs),
  }
}
