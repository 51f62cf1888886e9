import { type Copy, schemaOfCopy } from '../copies/copy.ts'
import type { Target } from '../copies/target.ts'
import type { ReadModelServer } from '../read-model-store.ts'

/** A copy's target and its number. */
export type Unfinished = { readonly server: ReadModelServer; readonly target: Target; readonly number: number }

/** How many indexes a copy still lacks. */
export const lackingIndexes = ({ server, target, number }: Unfinished): Promise<number> =>
  server.transaction(async (sql) => {
    const [row] = await sql.query<{ lacking: number }>(
      'select cardinality(indexes) as lacking from daybook.copies where projection = $1 and shard = $2 and number = $3',
      [target.projection.name, target.shard, number],
    )
    return row?.lacking ?? 0
  })

/** Makes one of the indexes that a copy lacks. Says whether there was any. */
export const makeIndex = ({ server, target, number }: Unfinished): Promise<boolean> =>
  server.transaction(async (sql) => {
    const which = [target.projection.name, target.shard, number]
    const [row] = await sql.query<{ definition: string | null }>(
      `select indexes[1] as definition from daybook.copies
       where projection = $1 and shard = $2 and number = $3 for update`,
      which,
    )
    if (row === undefined || row.definition === null) return false
    await sql.query("set local maintenance_work_mem = '256MB'")
    await sql.query(row.definition)
    await sql.query(
      'update daybook.copies set indexes = indexes[2:] where projection = $1 and shard = $2 and number = $3',
      which,
    )
    return true
  })

/** Has the planner know the tables, which would otherwise wait for autovacuum. */
export const analyze = async ({ server, target: { schema, projection } }: Unfinished): Promise<void> => {
  for (const table of projection.tables) await server.transaction((sql) => sql.query(`analyze ${schema}.${table}`))
}

/** Where a feed had what comes next for a live copy. */
export type FeedPlace = { readonly log: number; readonly part: number; readonly offset: bigint | null }

export const feedPlaces = (
  server: ReadModelServer,
  { projection, shard, number }: Copy,
): Promise<readonly FeedPlace[]> =>
  server.transaction((sql) =>
    sql.query<FeedPlace>(
      `select log, part, feed_offset as offset from ${schemaOfCopy(projection, shard, number)}.cursors where projection = $1`,
      [projection],
    ),
  )

/**
 * Leaves a copy to the projectors. `places` are those of the live copy before the log was last read to its end: what the
 * copy lacks came to the feed after them.
 */
export const handOver = (
  { server, target: { schema, shard, projection }, number }: Unfinished,
  places: readonly FeedPlace[],
): Promise<unknown> =>
  server.transaction(async (sql) => {
    await sql.query(
      `update ${schema}.cursors as cursor set feed_offset = place.feed_offset
       from unnest($2::smallint[], $3::smallint[], $4::bigint[]) as place (log, part, feed_offset)
       where projection = $1 and cursor.log = place.log and cursor.part = place.part`,
      [
        projection.name,
        places.map(({ log }) => log),
        places.map(({ part }) => part),
        places.map(({ offset }) => offset),
      ],
    )
    return setState({ sql, name: projection.name, shard, number }, 'caughtUp')
  })

/** Says that a copy is built up to where it was to come, and is not followed. */
export const stopHere = ({ server, target, number }: Unfinished): Promise<unknown> =>
  server.transaction((sql) => setState({ sql, name: target.projection.name, shard: target.shard, number }, 'stopped'))

type Which = {
  readonly sql: Parameters<Parameters<ReadModelServer['transaction']>[0]>[0]
  readonly name: string
  readonly shard: string
  readonly number: number
}

const setState = ({ sql, name, shard, number }: Which, state: Copy['state']): Promise<unknown> =>
  sql.query('update daybook.copies set state = $4 where projection = $1 and shard = $2 and number = $3', [
    name,
    shard,
    number,
    state,
  ])
