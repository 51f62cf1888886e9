import type { ParkedTotal } from './parked-totals.ts'

const streamsAre = (count: number): string => (count === 1 ? '1 stream is' : `${count} streams are`)

/** Sums are compared where these two projections have applied the same events. */
const compared = (projection: string): string =>
  projection === 'journal' || projection === 'periods'
    ? 'are compared up to there only, and sums in their shards not at all unless journal and periods have parked the same'
    : 'are compared up to there only'

const ask = (projection: string): string => `\`daybook parked ${projection}\` shows which and why`

/** Says what is missing in a projection because its streams are parked; undefined where none is. */
export const parkedText = ({ projection, parked }: ParkedTotal): string | undefined =>
  parked === 0
    ? undefined
    : `${streamsAre(parked)} parked, so the rows are not what the log gives and ${compared(projection)}; ${ask(projection)}`

/** Likewise of those that an operator has decided to leave so. */
export const discardedText = ({ projection, discarded }: ParkedTotal): string | undefined =>
  discarded === 0
    ? undefined
    : `${streamsAre(discarded)} discarded by an operator, so the rows are not what the log gives and ${compared(projection)}; ${ask(projection)}`
