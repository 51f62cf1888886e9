import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { type Config, toEnvironment } from '../infra/config/load-config.ts'
import type { Snapshot } from '../infra/metrics/merged-metrics.ts'
import type { Message } from './projections/messages.ts'
import type { StatusEntry } from '../projections/status-cache.ts'
import { StartError } from './start-error.ts'
import { type Supervised, supervise } from './supervise.ts'

const restartRule = { maxEnds: 6, windowMs: 60_000, firstWaitMs: 200 }

/** The projections, in a process of their own. */
export type ProjectionsProcess = {
  /** Whether the process that runs now follows the log. */
  isReady(): boolean
  /** Resolves when it follows the log for the first time; throws a `StartError` if it ends before. */
  readonly ready: Promise<void>
  /** Its figures as of a moment ago; none while it is not there. */
  metrics(): readonly Snapshot[]
} & Pick<Supervised, 'gaveUp' | 'stop'>

type Log = { warn(fields: Readonly<Record<string, unknown>>, message: string): void }

/** Who hears of the projections. */
export type Hearers = {
  putStatuses(entries: readonly StatusEntry[]): void
  /** They follow the log from now on, or do so no more. */
  tellReadiness(): void
}

/** Starts the projections, and again when they end. */
export const startProjections = (
  config: Config,
  { putStatuses, tellReadiness }: Hearers,
  log: Log,
): ProjectionsProcess => {
  let following = false
  let figures: Snapshot | undefined
  let [onReady, onEnd] = [(): void => undefined, (): void => undefined]
  const ready = new Promise<void>((resolve, reject) => {
    onReady = resolve
    onEnd = () => reject(new StartError('the projections cannot run; the lines above say why'))
  })
  // Whoever waits for it hears of it; nobody has to.
  ready.catch(() => undefined)

  const hear = (message: Message): void => {
    switch (message.type) {
      case 'ready':
        following = true
        onReady()
        tellReadiness()
        return
      case 'metrics':
        figures = message.snapshot
        return
      case 'statuses':
        putStatuses(message.entries)
        return
    }
  }

  const start = (): ChildProcess => {
    // A process group of its own: Ctrl-C in a terminal is for the main process, which ends this one when its time comes.
    const child = fork(join(import.meta.dirname, 'projections', 'main.js'), {
      env: toEnvironment(config),
      // A batch's events live as long as its transaction; with less room they are copied to and fro meanwhile.
      execArgv: ['--max-semi-space-size=64'],
      // As JSON the documents would be escaped here and unescaped there.
      serialization: 'advanced',
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    // Only this program's own process is on the other side.
    child.on('message', (message) => hear(message as Message))
    child.once('exit', () => {
      figures = undefined
      following = false
      onEnd()
      tellReadiness()
    })
    return child
  }

  const supervised = supervise('projections process', start, restartRule, log)
  return {
    isReady: () => following,
    ready,
    metrics: () => (figures ? [figures] : []),
    gaveUp: supervised.gaveUp,
    stop: (timeoutMs) => supervised.stop(timeoutMs),
  }
}
