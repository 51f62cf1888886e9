import type { ExpectedRevision } from '../../command-side/event-store.ts'
import type { NewEvent, StreamId } from '../../domain/event.ts'
import { idOf } from '../codec/event-codec.ts'
import { chain, type Entry, hashOf, newEntry, noHash, revisionOf, textOf, writePreviousSequence } from './entry.ts'
import type { Environment } from './environment.ts'
import { entryAt, milestoneDistance, sequencesOf } from './walk.ts'

/** What became of an append. `sequence` is that of its last event, now or when it was first written. */
export type Outcome =
  | { readonly type: 'appended'; readonly revision: number; readonly sequence: number }
  | { readonly type: 'wrongRevision'; readonly actual: ExpectedRevision }

/** An append made ready: whatever does not depend on what the log holds is encoded and hashed. */
export type Append = {
  readonly stream: StreamId
  readonly expected: ExpectedRevision
  readonly events: readonly NewEvent[]
  readonly entries: readonly Entry[]
  readonly bytes: number
}

const firstRevision = (expected: ExpectedRevision): number => (expected === 'none' ? 0 : expected + 1)

const chainAll = (entries: readonly Entry[], previous: string): void => {
  let hash = previous
  for (const entry of entries) hash = chain(entry, hash)
}

/** Encodes the events for their place in the stream. */
export const prepare = (stream: StreamId, expected: ExpectedRevision, events: readonly NewEvent[]): Append => {
  const first = firstRevision(expected)
  const entries = events.map((event, index) => newEntry(stream, first + index, event))
  if (expected === 'none') chainAll(entries, noHash)
  return { stream, expected, events, entries, bytes: entries.reduce((sum, entry) => sum + entry.length, 0) }
}

/** For an append whose events are in the stream already, each in its place; undefined for any other. */
const alreadyWritten = (
  environment: Environment,
  { stream, expected, events }: Append,
  last: number,
  actual: ExpectedRevision,
): Outcome | undefined => {
  const first = firstRevision(expected)
  const revision = first + events.length - 1
  if (actual === 'none' || revision > actual) return undefined
  const sequences = sequencesOf(environment, stream, last, first, revision)
  const same = sequences.every((sequence, index) => idOf(textOf(entryAt(environment, sequence))) === events[index]?.id)
  return same ? { type: 'appended', revision, sequence: sequences.at(-1) ?? last } : undefined
}

const ascending = { append: true }

/**
 * Inside a transaction: checks one append and writes it after the log's `head`, where `last` is the sequence of its
 * stream's last event, 0 for none.
 */
export const write = (environment: Environment, append: Append, head: number, last: number): Outcome => {
  const { stream, expected, entries } = append
  const tail = last === 0 ? undefined : entryAt(environment, last)
  const actual = tail === undefined ? 'none' : revisionOf(tail)
  if (actual !== expected) return alreadyWritten(environment, append, last, actual) ?? { type: 'wrongRevision', actual }
  if (tail !== undefined) chainAll(entries, hashOf(tail))

  let revision = firstRevision(expected)
  let previous = last
  let sequence = head
  for (const entry of entries) {
    sequence += 1
    writePreviousSequence(entry, previous)
    const written: unknown = environment.log.putSync(sequence, entry, ascending)
    if (written === false) throw new Error(`the log has an event beyond ${head}`)
    if (revision > 0 && revision % milestoneDistance === 0) {
      environment.milestones.putSync([stream, revision], sequence)
    }
    previous = sequence
    revision += 1
  }
  return { type: 'appended', revision: revision - 1, sequence }
}
