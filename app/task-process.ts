import { fork } from 'node:child_process'
import { join } from 'node:path'
import { toEnvironment } from '../infra/config/load-config.ts'
import type { Snapshot } from '../infra/metrics/merged-metrics.ts'
import type { Surroundings } from './ground.ts'
import { type Supervised, supervise } from './supervise.ts'

/** A task in a process of its own, and its figures as of a moment ago; none while it is not there. */
export type TaskProcess = Supervised & { metrics(): readonly Snapshot[] }

const restartRule = { maxEnds: 6, windowMs: 60_000, firstWaitMs: 200 }
const stopTimeoutMs = 12_000

/** Starts a task of `daybook run` in a process of its own, and again when it ends. */
export const startTask = (
  task: 'relay' | 'notary' | 'reconciler',
  { config, log, teardown }: Surroundings,
): TaskProcess => {
  let figures: Snapshot | undefined
  const program = join(import.meta.dirname, 'daybook.js')
  const env = toEnvironment({ ...config, METRICS_PORT: 0 })
  // A process group of its own: Ctrl-C in a terminal is for the main process, which ends this one when its time comes.
  const start = () => {
    const child = fork(program, ['run', task], { env, detached: true, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    // Only this program's own process is on the other side.
    child.on('message', (snapshot) => {
      figures = snapshot as Snapshot
    })
    child.once('exit', () => {
      figures = undefined
    })
    return child
  }
  const supervised = supervise(task, start, restartRule, log)
  teardown.add(`the ${task}`, () => supervised.stop(stopTimeoutMs))
  return { ...supervised, metrics: () => (figures === undefined ? [] : [figures]) }
}
