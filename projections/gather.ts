import { setTimeout as wait } from 'node:timers/promises'
import { continues } from './continues.ts'
import type { Stretch } from './event-feed.ts'

/** Stretches of a part as one, each of which begins within those before it. */
const together = (run: readonly Stretch[]): Stretch => {
  const [first, ...others] = run
  if (first === undefined) throw new RangeError('a run of no stretches')
  if (others.length === 0) return first
  const last = run.reduce((furthest, each) => (each.upTo >= furthest.upTo ? each : furthest))
  return { ...last, after: first.after, events: run.flatMap(({ events }) => events) }
}

type Run = { readonly stretches: Stretch[]; readonly after: number; upTo: number }

/** The fewest stretches that say the same, those of a part in their order. Nothing missing is papered over. */
const joined = (stretches: readonly Stretch[]): readonly Stretch[] => {
  const runs: Run[] = []
  const open = new Map<string, Run>()
  for (const stretch of stretches) {
    const key = `${stretch.log} ${stretch.part}`
    const run = open.get(key)
    if (run !== undefined && continues(run, stretch)) {
      run.stretches.push(stretch)
      run.upTo = Math.max(run.upTo, stretch.upTo)
    } else {
      // The first of its part, or something is missing before it, or it goes further back than this run.
      const begun = { stretches: [stretch], after: stretch.after, upTo: stretch.upTo }
      runs.push(begun)
      open.set(key, begun)
    }
  }
  return runs.map((run) => together(run.stretches))
}

/**
 * Reads ahead while the consumer is busy, and hands over what has come meanwhile as one batch: small ones while there is
 * little to do, large ones when behind. After one that took the consumer so many milliseconds it rests for `restMs` of
 * them before the next, unless that has `limit` events: many small batches cost far more than a few large ones. Stops
 * reading ahead at `limit` events. Ends, and rejects, as `batches` does.
 */
export const gather = async function* (
  batches: AsyncIterable<readonly Stretch[]>,
  limit: number,
  restMs: (tookMs: number) => number,
): AsyncGenerator<readonly Stretch[]> {
  let waiting: Stretch[] = []
  let ended = false
  let wake = (): void => undefined
  const change = (): Promise<void> => new Promise((resolve) => (wake = resolve))
  const isFull = (): boolean => waiting.reduce((sum, { events }) => sum + events.length, 0) >= limit

  const read = async (): Promise<void> => {
    for await (const batch of batches) {
      waiting.push(...batch)
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
