import type { Config } from '../../infra/config/load-config.ts'
import { warmGateways } from '../engines/gateways.ts'
import { commandSideProbes } from '../probes.ts'
import { commandSideAlone } from '../sides.ts'
import { runProcess } from './run-process.ts'
import { beginSide } from './run-side.ts'

/** Takes commands until Ctrl-C or SIGTERM. */
export const runCommandSide = (config: Config): Promise<number> =>
  runProcess(config, 'command-side', (task) =>
    beginSide(task, commandSideProbes, (ground) => {
      const { http, commandSide } = commandSideAlone(ground)
      task.teardown.add('the command side', () => commandSide.stop())
      commandSide.start()
      warmGateways(ground.gateways, commandSide.gateways, task)
      return http
    }),
  )
