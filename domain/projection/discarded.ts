import { sequencesIn } from '../position.ts'
import type { Discards } from './state.ts'

/** A stream that a projection is to be without from this event of a log on, as an operator has decided. */
export type DiscardedStream = { readonly stream: string; readonly log: number; readonly sequence: number }

/** The streams that are discarded, each at the event that the last decision about it was made for. */
export const discardedStreams = ({ streams }: Discards): readonly DiscardedStream[] =>
  [...streams].map(([stream, { position }]) => {
    const sequences = sequencesIn(position)
    return { stream, log: sequences.length - 1, sequence: sequences.at(-1) ?? 0 }
  })
