import type { Outcome, Where } from '../domain/repair/difference.ts'
import type { Position } from '../domain/position.ts'
import type { Difference } from './difference.ts'
import type { Digest } from './digest.ts'
import type { Page } from './page.ts'

/** What a shard or partition should have of a page, and what it has. */
export type PartDigests = { readonly part: string; readonly expected: Digest; readonly found: Digest }

/** How a place compares with a page of the log. */
export type Comparison = { readonly parts: readonly PartDigests[]; readonly differences: readonly Difference[] }

/** Which records of which parts are known to differ: what is made from them is neither judged nor repaired before they are. */
export type Wrong = ReadonlySet<string>

export const wrongOf = ({ record, part, key }: Pick<Difference, 'record' | 'part' | 'key'>): string =>
  record === 'periodTimes' ? `${record} ${part} ${key}` : `${record} ${part}`

/** What differs that no page of the log tells of, among records with keys after those of the piece before. */
export type Piece = {
  readonly differences: readonly Difference[]
  /** Where the next piece goes on; undefined where this was the last. */
  readonly next: string | undefined
}

/** Where something is made from the log. All calls reject where it cannot be asked now. */
export type Place = {
  readonly where: Where
  /** Whether what differs can be put right where it is; what is only ever added to keeps it. */
  readonly canChange: boolean
  /** Up to where it has everything. */
  reached(): Promise<Position>
  /** Compares it with a page that it has reached. What has moved on since is no difference. */
  compare(page: Page): Promise<Comparison>
  /**
   * The records themselves, a bounded number of them at a time, for those without a source and sums of others; from the
   * beginning where `after` is absent.
   */
  strays(after: string | undefined, wrong: Wrong): Promise<Piece>
  /** Takes a difference away, as often as it is called. */
  repair(difference: Difference, wrong: Wrong): Promise<Outcome>
}
