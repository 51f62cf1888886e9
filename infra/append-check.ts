import type { ExpectedRevision } from '../command-side/event-store.ts'
import type { NewEvent, StreamId } from '../domain/event.ts'

// In UTF-8 and with a revision still less than LMDB's longest key.
const longestName = 500

/** Throws a `RangeError` for an append that makes no sense in any event store. */
export const checkAppend = (stream: StreamId, expected: ExpectedRevision, events: readonly NewEvent[]): void => {
  if (stream.length === 0 || stream.length > longestName) {
    throw new RangeError('a stream has a name of 1 to 500 characters')
  }
  if (expected !== 'none' && !(Number.isSafeInteger(expected) && expected >= 0)) {
    throw new RangeError(`${expected} is no revision`)
  }
  if (events.length === 0) throw new RangeError('there are no events to append')
}
