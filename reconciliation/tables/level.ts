import type { Sql } from '../../projections/read-model-store.ts'
import type { Compared, LiveShard } from './live-schemas.ts'

/**
 * Whether two projections of a shard have applied the same events of the streams whose names begin so, as of the snapshot.
 * Else what one has is no measure for the other.
 */
export const areLevel = async (
  sql: Sql,
  { schemas }: LiveShard,
  one: Compared,
  other: Compared,
  streams = '',
): Promise<boolean> => {
  const cursors = (projection: Compared): string =>
    `select 'cursor', log, part::text, sequence from ${schemas[projection]}.cursors where projection = '${projection}'`
  const parked = (projection: Compared): string =>
    `select 'parked', log, stream, sequence from ${schemas[projection]}.parked_streams
     where projection = '${projection}' and starts_with(stream, $1)`
  const all = (projection: Compared): string => `(${cursors(projection)} union all ${parked(projection)})`
  const [row] = await sql.query<{ level: boolean }>(
    `select not exists (
       (${all(one)} except ${all(other)}) union all (${all(other)} except ${all(one)})
     ) as level`,
    [streams],
  )
  return row?.level === true
}
