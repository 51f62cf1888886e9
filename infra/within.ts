import { setTimeout as sleep } from 'node:timers/promises'

/**
 * What the work comes to, or a rejection with what `silence` makes after `timeoutMs`. The work is not ended by that; what
 * comes of it later is dropped.
 */
export const within = async <T>(timeoutMs: number, work: () => Promise<T>, silence: () => Error): Promise<T> => {
  const answered = new AbortController()
  const silent = sleep(timeoutMs, undefined, { signal: answered.signal }).then(
    () => {
      throw silence()
    },
    // It has answered, and the race is over.
    () => new Promise<never>(() => undefined),
  )
  const worked = work()
  // It may be rejected after its time, when nobody listens any more.
  worked.catch(() => undefined)
  try {
    return await Promise.race([worked, silent])
  } finally {
    answered.abort()
  }
}
