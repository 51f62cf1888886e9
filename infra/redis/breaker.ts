/** Keeps people from asking what has not answered for a while. */
export type Breaker = {
  /** Does the work, or gives undefined: at once while it is open, and where the work fails. */
  attempt<T>(work: () => Promise<T>): Promise<T | undefined>
}

/**
 * Opens after `failures` in a row for `restMs`; then one attempt tells whether it closes or rests again. `onFailure` hears
 * of each attempt that failed.
 */
export const createBreaker = (failures: number, restMs: number, onFailure: (error: unknown) => void): Breaker => {
  let inARow = 0
  let restsUntil = 0
  return {
    attempt: async (work) => {
      const now = performance.now()
      if (now < restsUntil) return undefined
      // Others do not follow this one before it is known how it went.
      if (inARow >= failures) restsUntil = now + restMs
      try {
        const result = await work()
        inARow = 0
        restsUntil = 0
        return result
      } catch (error) {
        inARow += 1
        if (inARow >= failures) restsUntil = performance.now() + restMs
        onFailure(error)
        return undefined
      }
    },
  }
}

/** For Redis, which many wait for: five failures, and half a second of rest. */
export const redisBreaker = (onFailure: (error: unknown) => void): Breaker => createBreaker(5, 500, onFailure)
