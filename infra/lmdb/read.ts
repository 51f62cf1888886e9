import type { StreamId } from '../../domain/event.ts'
import { type Position, positionOf, sequenceIn } from '../../domain/position.ts'
import type { LogBatch } from '../../projections/log-reader.ts'
import type { LogEvent } from '../../projections/unread.ts'
import { type Entry, eventAsItIs, type Tail } from './entry.ts'
import type { Environment } from './environment.ts'
import { countIn, entriesIn } from './page.ts'
import { entriesOf, pageBefore } from './walk.ts'

// What a batch may weigh, whatever its limit: events can be large, and all of a batch is in memory.
const batchBytes = 16 * 1024 * 1024

/** The sequence of the log's last event, 0 for none. */
export const headOf = (environment: Environment): number => {
  const last = pageBefore(environment, Number.MAX_SAFE_INTEGER)
  return last === undefined ? 0 : last.key + countIn(last.value) - 1
}

/** The events after sequence `after`, at most `limit`, fewer where they are large. */
const eventsAfter = (environment: Environment, after: number, limit: number): LogEvent[] => {
  const events: LogEvent[] = []
  let bytes = 0
  const start = pageBefore(environment, after + 1)?.key ?? 1
  for (const { key, value } of environment.log.getRange({ start, end: Number.MAX_SAFE_INTEGER })) {
    let sequence = key - 1
    for (const entry of entriesIn(value)) {
      sequence += 1
      if (sequence <= after) continue
      if (events.length >= limit || bytes >= batchBytes) return events
      bytes += entry.length
      events.push(eventAsItIs(entry, sequence))
    }
  }
  return events
}

/** The events after `from`, at most `limit`, fewer where they are large. */
export const batchAfter = (environment: Environment, from: Position, limit: number): LogBatch => {
  const events = eventsAfter(environment, sequenceIn(from, 0), limit)
  const last = events.at(-1)
  return { events, position: last === undefined ? from : positionOf(last) }
}

/** A stream's events from revision `from`, at most `limit`, as `make` makes them. */
export const streamEvents = <Event>(
  environment: Environment,
  stream: StreamId,
  tail: Tail | undefined,
  from: number,
  limit: number,
  make: (entry: Entry, sequence: number) => Event,
): Event[] => {
  if (tail === undefined) return []
  const to = Math.min(tail.revision, from + limit - 1)
  return to < from ? [] : entriesOf(environment, stream, tail, from, to, make)
}
