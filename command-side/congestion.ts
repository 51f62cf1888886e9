import type { EventStore } from './event-store.ts'

/** How many commands may be at work at once, those that wait for a gateway aside. */
export type Congestion = {
  limit(): number
  /** The same store, whose appends tell how much it takes. */
  watch(store: EventStore): EventStore
}

/** What a store is let have before anything is known of it. */
const atFirst = 512
/** With fewer the machine would be idle while each append waits for its turn on it: then not the queue is what is slow. */
const atLeast = 256
const quickMs = 250
const slowMs = 1_000
const shrinking = 0.7

/**
 * As many as the event store takes without letting an append wait for long: one more after each that was quick, fewer by
 * a share after one that was slow, once in the time that such a one takes (additive increase, multiplicative decrease:
 * Chiu and Jain, 1989). Else a command that has its place in a long queue would have an outcome when its call is no
 * longer open, and be answered as pending though the gateway has spoken.
 */
export const createCongestion = (most: number, now: () => number = () => performance.now()): Congestion => {
  let limit = Math.min(atFirst, most)
  let shrunkAt = -Infinity

  const appended = (ms: number): void => {
    if (ms < quickMs) limit = Math.min(most, limit + 1)
    if (ms < slowMs || now() - shrunkAt < slowMs) return
    shrunkAt = now()
    limit = Math.max(Math.min(atLeast, most), Math.floor(limit * shrinking))
  }

  return {
    limit: () => limit,
    watch: (store) => ({
      ...store,
      append: async (stream, expected, events) => {
        const begunAt = now()
        try {
          return await store.append(stream, expected, events)
        } finally {
          appended(now() - begunAt)
        }
      },
    }),
  }
}
