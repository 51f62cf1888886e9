/**
 * A period of a log: `size` sequences in a row, the first of which is a multiple of their number. Periods of a few sizes lie
 * in one another, so that all that a log has up to any sequence is a bounded number of whole periods and part of one.
 */
export type Period = { readonly log: number; readonly size: number; readonly first: number }

/** Whole periods of one size in a row: those that begin at `from` or after it, and before `before`. */
export type Periods = { readonly size: number; readonly from: number; readonly before: number }

const sizes = [2 ** 13, 2 ** 21]
const finest = 2 ** 8

/**
 * The sizes of the periods for which sums are kept, from small to large. `stride` is how far it is from one event of a log
 * to the next: 1 where events are counted, about 1,024 where a sequence counts bytes.
 */
export const sumSizes = (stride: number): readonly number[] => sizes.map((size) => size * stride)

/** Likewise of those for which it is kept when their events were recorded. */
export const timeSizes = (stride: number): readonly number[] => [finest, ...sizes].map((size) => size * stride)

/** The first sequence of the period of this size that a sequence lies in. */
export const periodOf = (sequence: number, size: number): number => sequence - (sequence % size)

/**
 * All sequences up to and including `upTo` as whole periods of the given sizes, as few as there can be, and the rest from
 * sequence `rest` on.
 */
export const periodsUpTo = (
  upTo: number,
  sizesUpwards: readonly number[],
): { readonly whole: readonly Periods[]; readonly rest: number } => {
  const whole: Periods[] = []
  let rest = 0
  for (const size of sizesUpwards.toReversed()) {
    const before = periodOf(upTo + 1, size)
    if (before > rest) whole.push({ size, from: rest, before })
    rest = before
  }
  return { whole, rest }
}
