import type { ParkedTotal } from './parked-totals.ts'

const streamsAre = (count: number): string => (count === 1 ? '1 stream is' : `${count} streams are`)

/** Balances are compared with sums of two projections, which have to have applied the same events. */
const compared = (projection: string): string =>
  projection === 'journal' || projection === 'periods'
    ? 'are compared up to there only, and balances in their shards not at all'
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
