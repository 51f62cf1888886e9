import type { StreamId } from '../../domain/event.ts'
import { type Append, type Outcome, write } from './append.ts'
import type { Environment } from './environment.ts'
import type { StreamIndex } from './stream-index.ts'

/** What became of each append of a group, and what is to be called once that is on disk. */
export type WrittenGroup = { readonly outcomes: readonly Outcome[]; readonly committed: () => void }

/** Inside a transaction: writes the appends one after another, each seeing those before it. */
export const writeGroup = (environment: Environment, index: StreamIndex, group: readonly Append[]): WrittenGroup => {
  const from = index.follow()
  const last = new Map<StreamId, number>()
  let head = from
  const outcomes = group.map((append) => {
    const outcome = write(environment, append, head, last.get(append.stream) ?? index.last(append.stream))
    // What was written before answers with its old sequence.
    if (outcome.type === 'appended' && outcome.sequence > head) {
      head = outcome.sequence
      last.set(append.stream, head)
    }
    return outcome
  })
  const settled = index.settle(2 * group.length)
  return {
    outcomes,
    committed: () => {
      index.gained({ from, to: head, last })
      settled()
    },
  }
}
