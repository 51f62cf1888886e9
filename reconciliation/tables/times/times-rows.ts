import type { Kind } from '../../../domain/repair/difference.ts'
import type { Sql } from '../../../projections/read-model-store.ts'
import { sqlMicros } from '../hashed.ts'
import { differing } from '../sums/differing.ts'
import { isMisplaced } from '../sums/misplaced.ts'
import type { Stretch } from '../sums/periods.ts'

/** What the rows of a stretch say, by the first sequence of their period, as text. */
export const timesOf = async (
  sql: Sql,
  schema: string,
  { log, size, from, before }: Stretch,
): Promise<ReadonlyMap<number, string>> => {
  const rows = await sql.query<{ first: bigint; text: string }>(
    `select first, concat_ws(' ', ${sqlMicros('earliest')}, ${sqlMicros('latest')}, last) as text
     from ${schema}.period_times where log = $1 and size = $2 and first >= $3 and first < $4`,
    [log, size, from, before],
  )
  return new Map(rows.map(({ first, text }) => [Number(first), text]))
}

/** A row of times that is not what it should be. */
export type WrongTimes = {
  readonly log: number
  readonly size: bigint
  readonly first: bigint
  readonly kind: Kind
}

const columns = { key: ['log', 'size', 'first'], values: ['earliest', 'latest', 'last'] }
const within = 'log = $1 and first >= $2 and first < $3'

/** The rows of a stretch's larger periods that do not say what those of the finest in them say; sizes are from small to large. */
export const wrongLargerTimes = (
  sql: Sql,
  schema: string,
  { log, from, before }: Omit<Stretch, 'size'>,
  [finest, ...larger]: readonly number[],
): Promise<readonly WrongTimes[]> => {
  const wanted = `(
    select log, larger.size, first - first % larger.size as first, min(earliest) as earliest, max(latest) as latest, max(last) as last
    from ${schema}.period_times fine cross join unnest($5::bigint[]) as larger (size)
    where ${within} and fine.size = $4 group by log, larger.size, first - first % larger.size
  ) summed`
  const found = `${schema}.period_times where ${within} and size = any($5::bigint[])`
  return sql.query<WrongTimes>(`${differing(columns, found, wanted)} order by log, size, first limit 1000`, [
    log,
    from,
    before,
    finest,
    larger,
  ])
}

/** Rows of periods that there are none of. */
export const misplacedTimes = (
  sql: Sql,
  schema: string,
  sizes: readonly number[],
  logs: number,
): Promise<readonly WrongTimes[]> =>
  sql.query<WrongTimes>(
    `select log, size, first, 'ahead' as kind from ${schema}.period_times
     where ${isMisplaced(schema, 'period_times')} order by log, size, first limit 1000`,
    [sizes, logs],
  )
