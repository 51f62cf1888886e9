import type { SeenPart } from '../../projections/event-feed.ts'

/** The beginning, to `seek`. */
export const earliest = -2

/**
 * Where to go on reading in each partition: before everything that any log has not been seen of. The beginning where one
 * has never been seen.
 */
export const placesToSeek = (seen: readonly SeenPart[], parts: readonly number[]): ReadonlyMap<number, number> =>
  new Map(
    parts.map((part) => {
      const offsets = seen.filter((each) => each.part === part).map(({ offset }) => offset ?? earliest)
      return [part, offsets.length === 0 ? earliest : Math.min(...offsets)]
    }),
  )

/**
 * Follows which offset comes next in each partition that is read. kafkajs goes to the beginning without a word when the
 * one it asks for is not there any more, and that shows here.
 */
export type Offsets = {
  /** Other partitions are read, from these places. */
  begin(places: ReadonlyMap<number, number>): void
  /** Nothing is read until the next beginning. */
  pause(): void
  /**
   * What to make of a batch that begins at this offset: `gone` says which offset should have come, `old` that it was asked
   * for before the partition was given anew.
   */
  arrived(
    part: number,
    first: number,
  ): { readonly type: 'next' | 'old' } | { readonly type: 'gone'; readonly expected: number }
  /** The batch was taken, and so comes what follows it. */
  went(part: number, next: number): void
}

export const followOffsets = (): Offsets => {
  let expected = new Map<number, number>()
  let before = new Map<number, number>()
  return {
    begin: (places) => {
      expected = new Map(places)
    },
    pause: () => {
      if (expected.size > 0) before = expected
      expected = new Map()
    },
    arrived: (part, first) => {
      const next = expected.get(part)
      if (next === undefined) return { type: 'old' }
      if (next === earliest || next === first) return { type: 'next' }
      // Only once: what is left out now is asked for again.
      if (before.get(part) === first && before.delete(part)) return { type: 'old' }
      return { type: 'gone', expected: next }
    },
    went: (part, next) => {
      expected.set(part, next)
    },
  }
}
