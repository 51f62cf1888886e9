import type { Sql } from '../../../projections/read-model-store.ts'
import type { Difference } from '../../difference.ts'
import type { LiveShard } from '../live-schemas.ts'
import { sumDifference, type WrongRow, wrongRows } from './sum-difference.ts'
import { periods } from './sum-tables.ts'

/** SQL of rows of periods that there are none of: of another size ($1), at another place, of no log ($2), or not begun yet. */
export const isMisplaced = (schema: string, table: string): string => `(
  size <> all($1::bigint[]) or log < 0 or log >= $2
  or case when size > 0 then first % size <> 0 or first < 0 else true end
  or first > coalesce(
    (select max(sequence) from ${schema}.cursors where projection = 'periods' and cursors.log = ${table}.log), 0)
)`

/** Sums of these merchants over periods that there are none of. */
export const misplacedSums = async (
  sql: Sql,
  { shard, schemas: { periods: schema } }: LiveShard,
  merchants: readonly string[],
  sizes: readonly number[],
  logs: number,
): Promise<readonly Difference[]> => {
  const differences: Difference[] = []
  for (const { record, table, key } of periods) {
    const rows = `select merchant_id, size, ${key.join(', ')}, log, first, 'ahead' as kind
      from ${schema}.${table} where merchant_id = any($3::text[]) and ${isMisplaced(schema, table)}`
    const text = wrongRows(['size', ...key], rows, ['log', 'first'])
    const wrong = await sql.query<WrongRow & { log: number; first: bigint }>(text, [sizes, logs, merchants])
    differences.push(...wrong.map((row) => sumDifference(record, shard, row, row.log, Number(row.first))))
  }
  return differences
}
