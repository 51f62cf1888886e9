import { byShard } from './apply-batch.ts'
import { applyCarefully } from './apply-carefully.ts'
import type { Plan, Target } from './copies/target.ts'
import { lockCursors } from './cursors.ts'
import { doWork, type Result } from './do-work.ts'
import type { EventFeed } from './event-feed.ts'
import { monthsIn } from './month.ts'
import { type ParkedStream, unpark } from './parked-streams.ts'
import type { Partitions } from './partitions.ts'
import { type ReadModelServer, StoreUnavailable } from './read-model-store.ts'
import { readable } from './readable.ts'
import type { StreamReader } from './stream-reader.ts'
import type { LogEvent } from './unread.ts'

/** What parked streams are taken up again with. */
export type Retry = {
  readonly feed: Pick<EventFeed, 'partOf'>
  readonly log: StreamReader
  readonly server: ReadModelServer
  readonly partitions: Partitions
}

const nothing: Result = { changed: [], parked: [] }

/** The stream's events from the one it was parked at; none where that is not there. */
const eventsSince = async (log: StreamReader, parked: ParkedStream): Promise<readonly LogEvent[]> => {
  const events = await log.streamFrom(parked.stream, parked.revision ?? 0)
  const since = events.filter((event) => event.log === parked.log && event.sequence >= parked.sequence)
  return since[0]?.sequence === parked.sequence ? since : []
}

/**
 * Gives a copy what it has missed of a stream since that was parked, up to where its cursor is, and lets it follow the
 * stream again, in one transaction. At an event that it still cannot apply the stream is parked anew, with what is
 * wrong now; what comes before that is applied. The cursor is locked meanwhile: no projector moves it, what comes after it
 * is for the projectors as ever, and of two that do this at once the second finds nothing left to do. Rejects where log or
 * tables cannot be used, and with what the plan throws that does not hold any more, having changed nothing.
 */
export const retryParked = async (
  { feed, log, server, partitions }: Retry,
  { confirm }: Plan,
  { shard, schema, projection, live }: Target,
  parked: ParkedStream,
): Promise<Result> => {
  const { stream } = parked
  const known = await eventsSince(log, parked)
  const last = known.at(-1)
  if (last === undefined) return nothing
  await partitions.ensure(new Map([[schema, monthsIn(known)]]))
  return server.transaction(async (sql) => {
    await confirm(sql)
    const part = { log: parked.log, part: feed.partOf(stream) }
    const [cursor] = await lockCursors(sql, [{ schema, projection }], [part])
    if (cursor === undefined) throw new StoreUnavailable('a projection is without its cursor')
    if (!(await unpark(sql, parked))) return nothing
    // What was appended since it was read may have passed the projection by.
    const all = [...known, ...(await log.streamFrom(stream, last.revision + 1))]
    const passed = all.filter(({ sequence }) => sequence <= cursor.sequence)
    // Where nobody could tell whose the stream is, it was parked in shards that have nothing to do with it.
    const events = byShard(server, passed).get(shard) ?? []
    const missed = { ...part, after: parked.sequence - 1, upTo: cursor.sequence, events }
    const work = { projection, shard: { schema, sql }, live, ...readable(projection, events) }
    return doWork([work], applyCarefully, [missed])
  })
}
