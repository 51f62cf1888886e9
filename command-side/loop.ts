import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from './logger.ts'

/** Work that is done again and again beside requests. */
export type Loop = {
  start(): void
  /** Ends the loop; resolves when the round under way is over. */
  stop(): Promise<void>
}

export type Round = (signal: AbortSignal) => Promise<void>

/** A round, a pause of `intervalMs`, the next round. A round that fails is logged, and the next one tries again. */
export const createLoop = (name: string, intervalMs: number, round: Round, logger: Logger): Loop => {
  const abort = new AbortController()
  const { signal } = abort
  let running = Promise.resolve()

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await round(signal)
      } catch (error) {
        if (!signal.aborted) logger.error({ err: error, loop: name }, 'round failed')
      }
      await delay(intervalMs, undefined, { signal }).catch(() => undefined)
    }
  }

  return {
    start: () => {
      running = run()
    },
    stop: () => {
      abort.abort()
      return running
    },
  }
}
