import type { ExpectedRevision } from '../../command-side/event-store.ts'
import type { NewEvent, StreamId } from '../../domain/event.ts'
import { idOf, toText } from '../codec/event-codec.ts'
import { hashOf, noHash, revisionOf, textOf } from './entry.ts'
import type { Environment } from './environment.ts'
import { entryAt, milestoneDistance, sequencesOf } from './walk.ts'

/** What became of an append. `sequence` is that of its last event, now or when it was first written. */
export type Outcome =
  | { readonly type: 'appended'; readonly revision: number; readonly sequence: number }
  | { readonly type: 'wrongRevision'; readonly actual: ExpectedRevision }

/** An append made ready: what does not depend on what the log holds is done. */
export type Append = {
  readonly stream: StreamId
  readonly expected: ExpectedRevision
  readonly events: readonly NewEvent[]
  readonly texts: readonly string[]
  readonly bytes: number
}

export const prepare = (stream: StreamId, expected: ExpectedRevision, events: readonly NewEvent[]): Append => {
  const texts = events.map(toText)
  return { stream, expected, events, texts, bytes: texts.reduce((sum, text) => sum + text.length, 0) }
}

const firstRevision = (expected: ExpectedRevision): number => (expected === 'none' ? 0 : expected + 1)

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
  const { log, makeEntry, milestones } = environment
  const { stream, expected, texts } = append
  let tail = last === 0 ? undefined : entryAt(environment, last)
  const actual = tail === undefined ? 'none' : revisionOf(tail)
  if (actual !== expected) return alreadyWritten(environment, append, last, actual) ?? { type: 'wrongRevision', actual }

  let revision = firstRevision(expected) - 1
  let sequence = head
  let previous = last
  for (const text of texts) {
    revision += 1
    sequence += 1
    tail = makeEntry(stream, revision, text, previous, tail === undefined ? noHash : hashOf(tail))
    const written: unknown = log.putSync(sequence, tail, ascending)
    if (written === false) throw new Error(`the log has an event beyond ${head}`)
    if (revision > 0 && revision % milestoneDistance === 0) milestones.putSync([stream, revision], sequence)
    previous = sequence
  }
  return { type: 'appended', revision, sequence }
}
