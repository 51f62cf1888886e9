import type { Config } from '../../infra/config/load-config.ts'
import { followLog } from '../projections/follow-log.ts'
import { StartError, messageOf } from '../start-error.ts'
import { runProcess } from './run-process.ts'

const stopTimeoutMs = 10_000

/** Keeps the read models up to the log until Ctrl-C or SIGTERM. Several share the work. */
export const runProjectionsAlone = (config: Config): Promise<number> =>
  runProcess(config, 'projections', async (task) => {
    let following = false
    const ending = new AbortController()
    const nobody = async (): Promise<void> => undefined
    const onReady = (): void => {
      following = true
    }
    const done = followLog(task, { onReady, putStatuses: nobody }, ending.signal).catch((error: unknown) =>
      task.onFailure(new StartError(`the projections cannot run: ${messageOf(error)}`, { cause: error })),
    )
    task.teardown.add('the projections', () => {
      ending.abort()
      // Whatever holds them up, the cursors say where the next process goes on.
      setTimeout(() => process.exit(1), stopTimeoutMs).unref()
      return done
    })
    return { probes: [{ name: 'projections', ready: () => Promise.resolve(following) }] }
  })
