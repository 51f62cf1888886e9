import type { Sql } from '../../projections/read-model-store.ts'
import type { Compared, LiveShard } from './live-schemas.ts'

/** What is known of how a projection of a shard follows the log. */
export type Standing = {
  /** Up to which sequence all its parts have seen the log. */
  readonly seen: number
  /** Up to which sequence one of them has. */
  readonly furthest: number
  /** The streams that it does not follow any further, each with the sequence of the event that it was parked at. */
  readonly parked: ReadonlyMap<string, number>
}

type Row = {
  readonly seen: bigint
  readonly furthest: bigint
  readonly parked: Readonly<Record<string, number>> | null
}

/** How far a projection has come in a log, and what it has given up on. */
export const standingOf = async (
  sql: Sql,
  { schemas }: LiveShard,
  projection: Compared,
  log: number,
): Promise<Standing> => {
  const schema = schemas[projection]
  const [row] = await sql.query<Row>(
    `select
       coalesce((select min(sequence) from ${schema}.cursors where projection = $1 and log = $2), 0) as seen,
       coalesce((select max(sequence) from ${schema}.cursors where projection = $1 and log = $2), 0) as furthest,
       (select json_object_agg(stream, sequence) from ${schema}.parked_streams where projection = $1) as parked`,
    [projection, log],
  )
  return {
    seen: Number(row?.seen ?? 0),
    furthest: Number(row?.furthest ?? 0),
    parked: new Map(Object.entries(row?.parked ?? {})),
  }
}
