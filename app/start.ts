import { resolve } from 'node:path'
import type { Config } from '../infra/config/load-config.ts'
import { createLogger } from '../infra/logging/logger.ts'
import { bringUp } from './bring-up.ts'
import { greeting } from './greeting.ts'
import { live } from './life.ts'

/** Runs a whole installation until Ctrl-C or SIGTERM; resolves and throws as `live` does. */
export const start = async (config: Config): Promise<number> => {
  const log = createLogger(config, 'main')
  return live(log, config.npm_lifecycle_event !== undefined, async (life) => {
    process.stdout.write(`Daybook starts on ${resolve(config.DAYBOOK_DATA)} …\n`)
    process.stdout.write(greeting(await bringUp(config, { log, ...life })))
  })
}
