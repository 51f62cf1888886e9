import type { Hole } from './apply-batch.ts'
import { keyOf, type SeenPart } from './event-feed.ts'

/** How far a subscription's parts have been seen at most. */
export type Furthest = {
  note(seen: readonly SeenPart[]): void
  /** Whether what the hole lacks had been seen: then not the feed has left it out, but the database has lost it. */
  isLost(hole: Hole): boolean
}

export const furthest = (): Furthest => {
  const known = new Map<string, number>()
  return {
    note: (seen) => {
      for (const each of seen) known.set(keyOf(each), Math.max(each.sequence, known.get(keyOf(each)) ?? 0))
    },
    isLost: ({ part, after }) => (known.get(keyOf(part)) ?? 0) > after,
  }
}
