import type { AppendResult } from '../../command-side/event-store.ts'
import type { StreamId } from '../../domain/event.ts'
import { type Append, answerAgain, appendedAt, write } from './append.ts'
import type { Tail } from './entry.ts'
import type { Environment } from './environment.ts'
import type { StreamIndex } from './stream-index.ts'

/** The answer to each append of a group, and what is to be called once that is on disk. */
export type WrittenGroup = { readonly results: readonly AppendResult[]; readonly committed: () => void }

/** Inside a transaction: writes the appends one after another, each seeing those before it. */
export const writeGroup = (environment: Environment, index: StreamIndex, group: readonly Append[]): WrittenGroup => {
  const { pages } = environment
  const from = index.follow()
  const tails = new Map<StreamId, Tail>()
  let to = from
  pages.begin(from)
  const results = group.map((append) => {
    const { stream, expected } = append
    const tail = tails.get(stream) ?? index.tail(stream)
    if ((tail?.revision ?? 'none') !== expected) {
      pages.flush()
      return answerAgain(environment, append, tail)
    }
    const end = write(environment, append, tail)
    tails.set(stream, end)
    to = end.sequence
    return appendedAt(end)
  })
  pages.flush()
  const settled = index.settle(2 * group.length)
  return {
    results,
    committed: () => {
      index.gained({ from, to, tails })
      settled()
    },
  }
}
