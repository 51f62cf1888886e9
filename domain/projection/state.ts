import type { Position } from '../position.ts'

/** Why a projection is without a stream from the event at `position` on. `at` is when that was recorded. */
export type Discard = { readonly position: Position; readonly reason: string; readonly by: string; readonly at: string }

/** What operators have decided about a projection, folded. */
export type Discards = {
  /** The last decision for each stream. */
  readonly streams: ReadonlyMap<string, Discard>
  /** -1 for a projection about which nothing was decided. */
  readonly revision: number
}
