import type { RecordedEvent, StreamId } from '../../domain/event.ts'
import { type Position, positionOf, sequenceIn } from '../../domain/position.ts'
import type { FeedBatch } from '../../projections/event-feed.ts'
import { recordedEvent, revisionOf } from './entry.ts'
import type { Environment } from './environment.ts'
import { entryAt, sequencesOf } from './walk.ts'

// What a batch may weigh, whatever its limit: events can be large, and all of a batch is in memory.
const batchBytes = 16 * 1024 * 1024

/** The sequence of the log's last event, 0 for none. */
export const headOf = ({ log }: Environment): number => {
  for (const sequence of log.getKeys({ start: Number.MAX_SAFE_INTEGER, end: 0, reverse: true, limit: 1 })) {
    return sequence
  }
  return 0
}

/** The events after `from`, at most `limit`, fewer where they are large. */
export const batchAfter = ({ log }: Environment, from: Position, limit: number): FeedBatch => {
  const events: RecordedEvent[] = []
  let bytes = 0
  for (const { key, value } of log.getRange({ start: sequenceIn(from, 0) + 1, end: Number.MAX_SAFE_INTEGER, limit })) {
    bytes += value.length
    events.push(recordedEvent(value, key))
    if (bytes >= batchBytes) break
  }
  const last = events.at(-1)
  return { events, position: last === undefined ? from : positionOf(last) }
}

/** A stream's events from revision `from`, at most `limit`, where `last` is the sequence of its last event. */
export const streamEvents = (
  environment: Environment,
  stream: StreamId,
  last: number,
  from: number,
  limit: number,
): RecordedEvent[] => {
  if (last === 0) return []
  const to = Math.min(revisionOf(entryAt(environment, last)), from + limit - 1)
  if (to < from) return []
  return sequencesOf(environment, stream, last, from, to).map((sequence) =>
    recordedEvent(entryAt(environment, sequence), sequence),
  )
}
