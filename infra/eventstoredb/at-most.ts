import { EventStoreBusy } from '../../command-side/event-store.ts'

/** Does the work once it is its turn. Throws `EventStoreBusy` where that takes too long. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>

/**
 * So many at once; others wait, and longer than `waitMs` none begins. A time limit of the work itself thus counts from
 * when it begins: thousands that are asked for together do not make each other late.
 */
export const atMost = (atOnce: number, waitMs: number): InTurn => {
  let free = atOnce
  const waiting = new Set<() => void>()

  /** Whoever has a place gives it to the next, or back. */
  const leave = (): void => {
    const [next] = waiting
    if (next === undefined) {
      free++
      return
    }
    waiting.delete(next)
    next()
  }
  const wait = async (): Promise<void> => {
    const since = performance.now()
    await new Promise<void>((resolve) => waiting.add(resolve))
    if (performance.now() - since <= waitMs) return
    leave()
    throw new EventStoreBusy(`nothing could be asked for ${waitMs} ms`)
  }

  return async (work) => {
    if (free > 0) free--
    else await wait()
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
