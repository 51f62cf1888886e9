import { projectionStream } from '../domain/event.ts'
import { isProjectionEvent } from '../domain/event-types.ts'
import { type DiscardedStream, discardedStreams } from '../domain/projection/discarded.ts'
import { evolveProjection, initialDiscards } from '../domain/projection/evolve.ts'
import { schemaOfCopy } from './copies/copy.ts'
import { readCopies } from './copies/read-copies.ts'
import type { ReadModelServer } from './read-model-store.ts'
import type { StreamReader } from './stream-reader.ts'
import { isRead } from './unread.ts'

/** How many streams a projection does not follow any further in a shard, in the copy that is read. */
export type ParkedCount = {
  readonly shard: string
  readonly projection: string
  /** But for those that are discarded. */
  readonly parked: number
  /** Those that an operator has decided to leave so. */
  readonly discarded: number
}

type Discarded = DiscardedStream & { readonly projection: string }

const select = (projection: string, shard: string, schema: string): string => `
  select '${shard}' as shard, '${projection}' as projection,
    (count(*) filter (where told.discarded is null))::integer as parked, count(told.discarded)::integer as discarded
  from ${schema}.parked_streams parked left join (
    select *, true as discarded from unnest($1::text[], $2::text[], $3::smallint[], $4::bigint[])
      as each (projection, stream, log, sequence)
  ) told using (projection, stream, log, sequence)
  where projection = '${projection}'`

const count = (
  server: ReadModelServer,
  projections: readonly string[],
  discarded: readonly Discarded[],
): Promise<readonly ParkedCount[]> =>
  server.transaction(async (sql) => {
    const copies = (await readCopies(sql, server.shards, projections)).filter(
      ({ live, projection }) => live && projections.includes(projection),
    )
    const selects = copies.map(({ projection, shard, number }) =>
      select(projection, shard, schemaOfCopy(projection, shard, number)),
    )
    return sql.query<ParkedCount>(`${selects.join(' union all ')} order by shard, projection`, [
      discarded.map(({ projection }) => projection),
      discarded.map(({ stream }) => stream),
      discarded.map(({ log }) => log),
      discarded.map(({ sequence }) => sequence),
    ])
  })

const readDiscarded = async (streams: StreamReader, projection: string): Promise<readonly Discarded[]> => {
  const events = await streams.streamFrom(projectionStream(projection), 0)
  const discards = events.filter(isRead).filter(isProjectionEvent).reduce(evolveProjection, initialDiscards)
  return discardedStreams(discards).map((each) => ({ ...each, projection }))
}

/**
 * Counts the parked streams of each projection in each shard of a server, those without any included. What was discarded is
 * read from the log only where something is parked. Rejects with `StoreUnavailable`, and where the log cannot be read.
 */
export const countParked = async (
  server: ReadModelServer,
  streams: StreamReader,
  projections: readonly string[],
): Promise<readonly ParkedCount[]> => {
  const counts = await count(server, projections, [])
  const parked = new Set(counts.flatMap((each) => (each.parked > 0 ? [each.projection] : [])))
  const discarded = await Promise.all([...parked].map((projection) => readDiscarded(streams, projection)))
  return discarded.flat().length === 0 ? counts : count(server, projections, discarded.flat())
}
