import type { AppendResult, ExpectedRevision } from '../../command-side/event-store.ts'
import type { NewEvent, StreamId } from '../../domain/event.ts'
import { positionOf } from '../../domain/position.ts'
import { idOf, toTexts } from '../codec/event-codec.ts'
import { type Tail, textOf } from './entry.ts'
import type { Environment } from './environment.ts'
import { entriesOf, milestoneDistance } from './walk.ts'

/** An append made ready: what does not depend on what the log holds is done. */
export type Append = {
  readonly stream: StreamId
  readonly expected: ExpectedRevision
  readonly events: readonly NewEvent[]
  readonly texts: readonly string[]
  readonly bytes: number
}

export const prepare = (stream: StreamId, expected: ExpectedRevision, events: readonly NewEvent[]): Append => {
  const texts = toTexts(events)
  let bytes = 0
  for (const text of texts) bytes += text.length
  return { stream, expected, events, texts, bytes }
}

/** The answer to an append whose last event has this place. */
export const appendedAt = ({ revision, sequence }: { revision: number; sequence: number }): AppendResult => ({
  type: 'appended',
  revision,
  position: positionOf({ log: 0, sequence }),
})

/**
 * The answer to an append that was not expected where its stream ends now: the first answer if its events are in the
 * stream already, each in its place. All that was written must be in the log.
 */
export const answerAgain = (
  environment: Environment,
  { stream, expected, events }: Append,
  tail: Tail | undefined,
): AppendResult => {
  if (tail === undefined) return { type: 'wrongRevision', actual: 'none' }
  const refused: AppendResult = { type: 'wrongRevision', actual: tail.revision }
  const first = expected === 'none' ? 0 : expected + 1
  const revision = first + events.length - 1
  if (revision > tail.revision) return refused
  const found = entriesOf(environment, stream, tail, first, revision, (entry, sequence) => ({
    id: idOf(textOf(entry)),
    sequence,
  }))
  const same = found.every(({ id }, index) => id === events[index]?.id)
  return same ? appendedAt({ revision, sequence: found.at(-1)?.sequence ?? tail.sequence }) : refused
}

/** Inside a transaction: writes an append to its stream, and answers where that ends now. */
export const write = ({ pages, milestones }: Environment, { stream, texts }: Append, tail: Tail | undefined): Tail => {
  let end = tail
  for (const text of texts) {
    end = pages.add(stream, text, end)
    if (end.revision > 0 && end.revision % milestoneDistance === 0) {
      milestones.putSync([stream, end.revision], end.sequence)
    }
  }
  if (end === undefined) throw new RangeError('there are no events to append')
  return end
}
