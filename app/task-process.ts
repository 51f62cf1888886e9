import { fork } from 'node:child_process'
import { join } from 'node:path'
import { toEnvironment } from '../infra/config/load-config.ts'
import type { Surroundings } from './ground.ts'
import { type Supervised, supervise } from './supervise.ts'

const restartRule = { maxEnds: 6, windowMs: 60_000, firstWaitMs: 200 }
const stopTimeoutMs = 12_000

/** Starts a task of `daybook run` in a process of its own, and again when it ends. */
export const startTask = (task: 'relay' | 'notary', { config, log, teardown }: Surroundings): Supervised => {
  const program = join(import.meta.dirname, 'daybook.js')
  const env = toEnvironment({ ...config, METRICS_PORT: 0 })
  // A process group of its own: Ctrl-C in a terminal is for the main process, which ends this one when its time comes.
  const start = () =>
    fork(program, ['run', task], { env, detached: true, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const supervised = supervise(task, start, restartRule, log)
  teardown.add(`the ${task}`, () => supervised.stop(stopTimeoutMs))
  return supervised
}
