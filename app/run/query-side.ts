import type { Config } from '../../infra/config/load-config.ts'
import { querySideProbes } from '../probes.ts'
import { querySideAlone } from '../sides.ts'
import { runProcess } from './run-process.ts'
import { beginSide } from './run-side.ts'

/** Answers reads until Ctrl-C or SIGTERM. */
export const runQuerySide = (config: Config): Promise<number> =>
  runProcess(config, 'query-side', (task) => beginSide(task, querySideProbes, querySideAlone))
