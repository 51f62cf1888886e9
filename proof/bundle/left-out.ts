import type { Line } from '../line.ts'

/** Which events a log's part of a bundle has to have: all with sequences from `from` to `to`, or some of them. */
export type Promised = { readonly from: number; readonly to: number; readonly isWhole: boolean }

/** Sees what a bundle has of a log, in its order, and tells what is left out that is promised. */
export type LeftOut = {
  /** A stretch that is left out. */
  skipped(): void
  /**
   * An event, the leaf with this number of its tree, after the one at revision `before` of its stream, if the bundle has
   * one; why it cannot come here, undefined where it can.
   */
  event(line: Pick<Line, 'sequence' | 'revision'>, leaf: number, before: number | undefined): string | undefined
  /** What is left out at the ends of a tree of so many leaves. */
  ends(size: number): string | undefined
}

/**
 * Sequences that are counted by ones stand in their leaves' numbers, so there the first and the last event of a range are
 * known. Of other logs only those are that stand between two events.
 */
export const leftOut = ({ from, to, isWhole }: Promised): LeftOut => {
  let [isDense, hasGap] = [true, false]
  let first: number | undefined
  let last = 0
  return {
    skipped: () => {
      hasGap = true
    },
    event: ({ sequence, revision }, leaf, before) => {
      const isBetween = isWhole && hasGap && first !== undefined
      hasGap = false
      isDense &&= sequence === leaf + 1
      first ??= sequence
      last = leaf + 1
      if (isBetween) return 'events before it are left out'
      if (before === undefined)
        return revision === 0 || from > 1 ? undefined : 'the beginning of its stream is left out'
      return revision > before + 1 ? 'events of its stream before it are left out' : undefined
    },
    ends: (size) => {
      if (!isWhole) return undefined
      if (first === undefined) return 'all events of its range are left out'
      if (!isDense) return undefined
      if (first > Math.max(1, from)) return `events before ${first} are left out`
      return last < Math.min(to, size) ? `events after ${last} are left out` : undefined
    },
  }
}
