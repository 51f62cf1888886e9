import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { type Config, toEnvironment } from '../infra/config/load-config.ts'
import type { Snapshot } from '../infra/metrics/merged-metrics.ts'
import type { Connection } from '../infra/postgres/pools.ts'
import type { Message } from '../projections/messages.ts'
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

const environmentOf = (config: Config, folder: string, { host, port, user, password, database }: Connection) => ({
  ...toEnvironment(config),
  DAYBOOK_DATA: folder,
  DB_HOST: host,
  DB_PORT: String(port),
  DB_USER: user,
  DB_PASSWORD: password,
  DB_NAME: database,
})

/** Starts the projections of the data folder, and again when they end. `onStatuses` hears what has changed. */
export const startProjections = (
  config: Config,
  folder: string,
  connection: Connection,
  onStatuses: (entries: readonly StatusEntry[]) => void,
  log: Log,
): ProjectionsProcess => {
  let readyPid: number | undefined
  let figures: Snapshot | undefined
  let [onReady, onEnd] = [(): void => undefined, (): void => undefined]
  const ready = new Promise<void>((resolve, reject) => {
    onReady = resolve
    onEnd = () => reject(new StartError('the projections cannot run; the lines above say why'))
  })
  // Whoever waits for it hears of it; nobody has to.
  ready.catch(() => undefined)

  const hear = (child: ChildProcess, message: Message): void => {
    switch (message.type) {
      case 'ready':
        readyPid = child.pid
        onReady()
        return
      case 'metrics':
        figures = message.snapshot
        return
      case 'statuses':
        onStatuses(message.entries)
        return
      case 'progress':
        return
    }
  }

  const start = (): ChildProcess => {
    // A process group of its own: Ctrl-C in a terminal is for the main process, which ends this one when its time comes.
    const child = fork(join(import.meta.dirname, '..', 'projections', 'main.js'), {
      env: environmentOf(config, folder, connection),
      execArgv: [],
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    // Only this program's own process is on the other side.
    child.on('message', (message) => hear(child, message as Message))
    child.once('exit', () => {
      figures = undefined
      onEnd()
    })
    return child
  }

  const supervised = supervise('projections process', start, restartRule, log)
  return {
    isReady: () => readyPid !== undefined && supervised.current()?.pid === readyPid,
    ready,
    metrics: () => (figures ? [figures] : []),
    gaveUp: supervised.gaveUp,
    stop: (timeoutMs) => supervised.stop(timeoutMs),
  }
}
