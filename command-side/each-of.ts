import type { Logger } from './logger.ts'

const atOnce = 64

/**
 * Works on things, so many side by side. One that fails is logged and left for the next time; an aborted signal begins no
 * more.
 */
export const eachOf = async <T>(
  things: readonly T[],
  work: (thing: T) => Promise<void>,
  signal: AbortSignal,
  logger: Logger,
): Promise<void> => {
  // All share one iterator: each takes the next when it is done with its last.
  const left = things.values()
  const worker = async (): Promise<void> => {
    for (const thing of left) {
      if (signal.aborted) return
      try {
        await work(thing)
      } catch (error) {
        logger.error({ err: error, about: thing }, 'work left undone')
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

const listed = 1_000
const perRound = 500

/**
 * What is taken on in a round, of what `list` has first. Where there is more than fits it is picked at random, because
 * other instances have the same list and should not do the same.
 */
export const forThisRound = async <T>(list: (limit: number) => Promise<readonly T[]>): Promise<readonly T[]> => {
  const things = await list(listed)
  if (things.length <= perRound) return things
  const drawn = things.map((thing) => [Math.random(), thing] as const).toSorted(([one], [other]) => one - other)
  return drawn.slice(0, perRound).map(([, thing]) => thing)
}
