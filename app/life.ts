import type { Logger } from '../infra/logging/logger.ts'
import { aborted } from './aborted.ts'
import { onInterruption } from './interruption.ts'
import { StartError, messageOf } from './start-error.ts'
import { createTeardown, type Teardown } from './teardown.ts'

/** What a process is while it runs. */
export type Life = {
  /** Is told how to undo each step as soon as it is done. */
  readonly teardown: Teardown
  /** Aborted when nothing more is to be started. */
  readonly signal: AbortSignal
  /** Hears why everything has to end, at any time. */
  readonly onFailure: (reason: Error) => void
}

const lingerMs = 5_000

/**
 * Begins, goes on until Ctrl-C or SIGTERM, then undoes everything and resolves to the exit code. Throws, after everything
 * is undone as well, when it cannot begin or cannot go on.
 */
export const live = async (
  log: Logger,
  endWithParent: boolean,
  begin: (life: Life) => Promise<void>,
): Promise<number> => {
  const teardown = createTeardown(log)
  const interruption = onInterruption(() => process.exit(130), endWithParent)
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

  try {
    await begin({ teardown, signal: ending.signal, onFailure })
    await aborted(ending.signal)
  } catch (error) {
    if (!ending.signal.aborted) failure = error instanceof Error ? error : new Error(String(error))
  }
  if (interruption.signal.aborted) process.stdout.write('Daybook stops …\n')
  await teardown.run()
  interruption.end()
  // Nothing that is still open after everything was undone keeps the process.
  setTimeout(() => process.exit(), lingerMs).unref()
  if (failure) throw failure
  return 0
}
