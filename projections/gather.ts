import { setTimeout as wait } from 'node:timers/promises'
import { type Position, positionAt, sequencesIn } from '../domain/position.ts'
import type { FeedBatch } from './event-feed.ts'

/** The place that has been reached when all of these have: a feed may go back and deliver events again. */
const furthest = (positions: readonly Position[]): Position => {
  const all = positions.map(sequencesIn)
  const logs = Math.max(...all.map((sequences) => sequences.length))
  return positionAt(Array.from({ length: logs }, (_, log) => Math.max(...all.map((sequences) => sequences[log] ?? 0))))
}

const joined = (batches: readonly FeedBatch[]): FeedBatch => ({
  events: batches.flatMap(({ events }) => events),
  position: furthest(batches.map(({ position }) => position)),
})

/**
 * Reads ahead while the consumer is busy, and hands over what has come meanwhile as one batch: small ones while there is
 * little to do, large ones when behind. After one that took the consumer so many milliseconds it rests for `restMs` of
 * them before the next, unless that has `limit` events: many small batches cost far more than a few large ones. Stops
 * reading ahead at `limit` events. Ends, and rejects, as `batches` does.
 */
export const gather = async function* (
  batches: AsyncIterable<FeedBatch>,
  limit: number,
  restMs: (tookMs: number) => number,
): AsyncGenerator<FeedBatch> {
  let waiting: FeedBatch[] = []
  let ended = false
  let wake = (): void => undefined
  const change = (): Promise<void> => new Promise((resolve) => (wake = resolve))
  const isFull = (): boolean => waiting.reduce((sum, { events }) => sum + events.length, 0) >= limit

  const read = async (): Promise<void> => {
    for await (const batch of batches) {
      waiting.push(batch)
      wake()
      while (isFull() && !ended) await change()
      if (ended) return
    }
  }
  const end = (): void => {
    ended = true
    wake()
  }
  const reading = read().finally(end)
  // The consumer gets a rejection below, once it has had what came before.
  reading.catch(() => undefined)

  let nextAt = 0
  try {
    for (;;) {
      const leftMs = nextAt - performance.now()
      if (waiting.length > 0 && leftMs > 0 && !isFull() && !ended) await Promise.race([change(), wait(leftMs)])
      else if (waiting.length > 0) {
        const batch = joined(waiting)
        waiting = []
        wake()
        const begunAt = performance.now()
        yield batch
        nextAt = performance.now() + restMs(performance.now() - begunAt)
      } else if (ended) return await reading
      else await change()
    }
  } finally {
    end()
  }
}
