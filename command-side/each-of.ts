import type { Logger } from './logger.ts'

/** Works on things side by side. One that fails is logged and left for the next time; an aborted signal begins no more. */
export const eachOf = async <T>(
  things: readonly T[],
  work: (thing: T) => Promise<void>,
  signal: AbortSignal,
  logger: Logger,
): Promise<void> => {
  const one = async (thing: T): Promise<void> => {
    if (signal.aborted) return
    try {
      await work(thing)
    } catch (error) {
      logger.error({ err: error, about: thing }, 'work left undone')
    }
  }
  await Promise.all(things.map(one))
}
