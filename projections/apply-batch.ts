import type { RecordedEvent } from '../domain/event.ts'
import { type Position, sequencesIn } from '../domain/position.ts'
import { type Cursor, lockCursors, moveCursors } from './cursors.ts'
import type { FeedBatch } from './event-feed.ts'
import { type Fault, type IsParked, park, readParked } from './parked-streams.ts'
import type { Changed, Projection } from './projection.ts'
import { type ReadModelServer, type Sql, StoreUnavailable } from './read-model-store.ts'
import type { Way, Work } from './work.ts'

export type Parked = Fault & { readonly projection: string }

/** What a batch came to: everything that changed, and what was parked. */
export type Result = { readonly changed: readonly Changed[]; readonly parked: readonly Parked[] }

/** The events of each shard of a server; those of other servers' shards are left out. */
export const byShard = (
  server: ReadModelServer,
  events: readonly RecordedEvent[],
): ReadonlyMap<string, readonly RecordedEvent[]> => {
  const shards = new Map<string, RecordedEvent[]>(server.shards.map((schema) => [schema, []]))
  for (const event of events) shards.get(server.shardOf(event.metadata.merchantId))?.push(event)
  return shards
}

/** What each projection of each shard has not seen of the events, in the order of the cursors. */
const workFor = (
  cursors: readonly Cursor[],
  projections: readonly Projection[],
  sql: Sql,
  shards: ReadonlyMap<string, readonly RecordedEvent[]>,
  isParked: IsParked,
): readonly Work[] =>
  cursors.flatMap(({ schema, projection: name, position }) => {
    const projection = projections.find((each) => each.name === name)
    const seen = [...sequencesIn(position)]
    const events = (shards.get(schema) ?? []).filter(({ log, sequence, stream }) => {
      if (sequence <= (seen[log] ?? 0)) return false
      // The same event may come twice in one batch.
      seen[log] = sequence
      return !isParked(schema, name, stream)
    })
    return projection === undefined || events.length === 0 ? [] : [{ projection, shard: { schema, sql }, events }]
  })

/** Without its cursor a projection would apply the same events again and again. */
const assertComplete = (cursors: readonly Cursor[], count: number, position: Position): void => {
  const logs = sequencesIn(position).length
  const complete = cursors.filter((cursor) => sequencesIn(cursor.position).length >= logs)
  if (complete.length !== count) throw new StoreUnavailable('a projection is without its cursor')
}

/**
 * Brings all projections of a server's shards from wherever they stand to the batch's position, in one transaction.
 * Events that a cursor has passed are left out, so that the same batch can come any number of times.
 */
export const applyBatch = (
  server: ReadModelServer,
  projections: readonly Projection[],
  batch: FeedBatch,
  way: Way,
): Promise<Result> =>
  server.transaction(async (sql) => {
    const names = projections.map(({ name }) => name)
    const cursors = await lockCursors(sql, server.shards, names)
    assertComplete(cursors, server.shards.length * names.length, batch.position)
    const isParked = await readParked(sql, server.shards)
    const work = workFor(cursors, projections, sql, byShard(server, batch.events), isParked)
    const outcomes = await way(work)
    const parked: Parked[] = []
    for (const [index, { shard, projection }] of work.entries()) {
      const faults = outcomes[index]?.faults ?? []
      await park(sql, shard.schema, projection.name, faults)
      parked.push(...faults.map((fault) => ({ ...fault, projection: projection.name })))
    }
    await moveCursors(sql, server.shards, names, batch.position)
    return { changed: outcomes.flatMap(({ changed }) => changed), parked }
  })
