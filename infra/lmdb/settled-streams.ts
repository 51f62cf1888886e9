import type { StreamId } from '../../domain/event.ts'
import { type Entry, streamOf, type Tail, tailOf } from './entry.ts'
import type { Environment } from './environment.ts'
import { nameHash } from '../name-hash.ts'
import { entryAt } from './walk.ts'

/** The database's own knowledge of where streams end. */
export type SettledStreams = {
  /** Where the stream ended when it was settled. */
  tail(stream: StreamId): Tail | undefined
  /** Inside a transaction. */
  settle(stream: StreamId, sequence: number): void
}

const ifFree = { noOverwrite: true }

/**
 * A stream's slot is the hash of its name, or the next one that is free: that takes less than half of the pages that
 * names would take, and streams that are settled together lie together. Whose slot it is tells the event it points to.
 */
export const settledStreams = (
  environment: Environment,
  hash: (stream: StreamId) => number = nameHash,
): SettledStreams => {
  const { streams } = environment
  const isOf = (stream: StreamId, entry: Entry): boolean => streamOf(entry) === stream
  return {
    tail: (stream) => {
      for (let slot = hash(stream); ; slot++) {
        const sequence = streams.get(slot)
        if (sequence === undefined) return undefined
        const entry = entryAt(environment, sequence)
        if (isOf(stream, entry)) return tailOf(entry, sequence)
      }
    },
    settle: (stream, sequence) => {
      for (let slot = hash(stream); ; slot++) {
        const taken: unknown = streams.putSync(slot, sequence, ifFree)
        if (taken !== false) return
        if (isOf(stream, entryAt(environment, streams.get(slot) ?? 0))) return streams.putSync(slot, sequence)
      }
    },
  }
}
