import { resolve } from 'node:path'
import type { Config } from '../infra/config/load-config.ts'
import { createLogger } from '../infra/logging/logger.ts'
import { aborted } from './aborted.ts'
import { bringUp } from './bring-up.ts'
import { assertEmbedded } from './embedded-only.ts'
import { greeting } from './greeting.ts'
import { onInterruption } from './interruption.ts'
import { StartError, messageOf } from './start-error.ts'
import { createTeardown } from './teardown.ts'

/**
 * Runs a whole installation until Ctrl-C or SIGTERM, then stops everything and resolves to the exit code. Throws, after
 * everything is stopped as well, when it cannot start or cannot go on.
 */
export const start = async (config: Config): Promise<number> => {
  assertEmbedded(config)
  const log = createLogger(config, 'main')
  const teardown = createTeardown(log)
  const interruption = onInterruption(() => process.exit(130), config.npm_lifecycle_event !== undefined)
  const ending = new AbortController()
  let failure: Error | undefined
  const onFailure = (reason: Error): void => {
    failure ??= reason
    ending.abort()
  }
  const onBug = (error: unknown): void => {
    log.fatal({ err: error }, 'a mistake in the program')
    onFailure(new StartError(`a mistake in the program: ${messageOf(error)}`))
  }
  interruption.signal.addEventListener('abort', () => ending.abort(), { once: true })
  process.on('uncaughtException', onBug)
  process.on('unhandledRejection', onBug)

  process.stdout.write(`Daybook starts on ${resolve(config.DAYBOOK_DATA)} …\n`)
  try {
    const whereabouts = await bringUp(config, { log, teardown, signal: ending.signal, onFailure })
    process.stdout.write(greeting(whereabouts))
    await aborted(ending.signal)
  } catch (error) {
    if (!ending.signal.aborted) failure = error instanceof Error ? error : new Error(String(error))
  }
  if (interruption.signal.aborted) process.stdout.write('Daybook stops …\n')
  await teardown.run()
  interruption.end()
  if (failure) throw failure
  return 0
}
