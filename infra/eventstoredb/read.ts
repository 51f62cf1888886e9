import {
  BACKWARDS,
  END,
  FORWARDS,
  type ReadAllOptions,
  type ReadPosition,
  type ResolvedEvent,
  StreamNotFoundError,
} from '@eventstore/db-client'
import type { StreamId } from '../../domain/event.ts'
import { positionOf, type Position, sequenceIn } from '../../domain/position.ts'
import type { LogBatch } from '../../projections/log-reader.ts'
import type { LogEvent } from '../../projections/unread.ts'
import type { Connection } from './connection.ts'
import { asItIs, isOurs, placeOf, sequenceOf } from './recorded.ts'

/** One store to be read: which log its events are, and how long one page may take. */
export type Source = { readonly connection: Connection; readonly log: number; readonly callMs: number }

/** What follows may be behind: a command must see the one before, and nobody be told of an end that is none. */
const requiresLeader = true

const pageSize = 1_000
/** Behind the last event of ours there may be some of the server's own. */
const tailSize = 64

/** What comes, as a list. */
export const collected = async (events: AsyncIterable<ResolvedEvent>): Promise<ResolvedEvent[]> => {
  const all: ResolvedEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

/**
 * A stream's events from a revision on, at most `limit`, as `make` makes them; none for a stream that is not there.
 * `onEnd` hears of the stream's last event before that is made, where the end was seen.
 */
export const readStreamOf = async <Event>(
  { connection, log, callMs }: Source,
  stream: StreamId,
  from: number,
  limit: number,
  make: (resolved: ResolvedEvent, log: number) => Event,
  onEnd: (last: ResolvedEvent) => void = () => undefined,
): Promise<Event[]> => {
  const events: Event[] = []
  while (events.length < limit) {
    const maxCount = Math.min(pageSize, limit - events.length)
    const fromRevision = BigInt(from + events.length)
    const page = await connection
      .call(
        (client) =>
          collected(client.readStream(stream, { fromRevision, maxCount, direction: FORWARDS, requiresLeader })),
        callMs,
      )
      .catch(noneIfMissing)
    const last = page.at(-1)
    if (last !== undefined && page.length < maxCount) onEnd(last)
    for (const event of page) events.push(make(event, log))
    if (page.length < maxCount) break
  }
  return events
}

const noneIfMissing = (error: unknown): never[] => {
  if (error instanceof StreamNotFoundError) return []
  throw error
}

/** The revision of a stream's last event. */
export const lastRevision = async ({ connection, callMs }: Source, stream: StreamId): Promise<number | 'none'> => {
  const options = { fromRevision: END, direction: BACKWARDS, maxCount: 1, requiresLeader } as const
  const [last] = await connection
    .call((client) => collected(client.readStream(stream, options)), callMs)
    .catch(noneIfMissing)
  return last?.event === undefined ? 'none' : Number(last.event.revision)
}

/** The sequence of the last event of ours; 0 for none. */
export const lastSequence = async ({ connection, callMs }: Source): Promise<number> => {
  let from: ReadPosition = END
  // Mostly the last one of all is ours.
  for (let maxCount = 1; ; maxCount = tailSize) {
    const options: ReadAllOptions = { fromPosition: from, direction: BACKWARDS, maxCount, requiresLeader }
    const page: ResolvedEvent[] = await connection.call((client) => collected(client.readAll(options)), callMs)
    const ours = page.find(isOurs)
    if (ours !== undefined) return sequenceOf(ours)
    const earliest = page.at(-1)
    if (earliest === undefined || page.length < maxCount) return 0
    from = placeOf(sequenceOf(earliest))
  }
}

/** The events after `from` in the whole store, at most `limit`; an empty batch only at its end. */
export const readAllOf = async (
  { connection, log, callMs }: Source,
  from: Position,
  limit: number,
): Promise<LogBatch> => {
  const after = sequenceIn(from, log)
  const events: LogEvent[] = []
  // What was looked at, be it ours or not.
  let seen = after
  while (events.length < limit) {
    // The first one is the last one of before: a page begins with the event that it is asked from.
    const maxCount = Math.min(pageSize, limit - events.length) + 1
    const options = { fromPosition: placeOf(seen), direction: FORWARDS, maxCount, requiresLeader } as const
    const page = await connection.call((client) => collected(client.readAll(options)), callMs)
    for (const resolved of page) {
      const sequence = sequenceOf(resolved)
      if (sequence <= seen || events.length === limit) continue
      seen = sequence
      if (isOurs(resolved)) events.push(asItIs(resolved, log))
    }
    if (page.length < maxCount) break
  }
  const last = events.at(-1)
  return { events, position: last === undefined ? from : positionOf(last) }
}
