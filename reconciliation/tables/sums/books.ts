import type { Sql } from '../../../projections/read-model-store.ts'
import type { Difference } from '../../difference.ts'
import type { LiveShard } from '../live-schemas.ts'
import { differing } from './differing.ts'
import { sumDifference, type WrongRow, wrongRows } from './sum-difference.ts'
import { books, type SumTable } from './sum-tables.ts'

const ofMerchants = 'where merchant_id = any($1::text[])'

/** SQL of what a table should have of the merchants $1: sums of their journal. */
const wanted = ({ rows }: SumTable, schema: string): string =>
  `(${rows(`(select * from ${schema}.postings ${ofMerchants}) line`)}) sums`

/** Holds the balances and daily totals of merchants against their journal, which is read for it. */
export const compareBooks = async (
  sql: Sql,
  { shard, schemas: { journal } }: LiveShard,
  merchants: readonly string[],
): Promise<readonly Difference[]> => {
  if (merchants.length === 0) return []
  const differences: Difference[] = []
  for (const each of books) {
    const columns = { key: ['merchant_id', ...each.key], values: each.values }
    const rows = differing(columns, `${journal}.${each.table} ${ofMerchants}`, wanted(each, journal))
    const wrong = await sql.query<WrongRow>(wrongRows(each.key, rows), [merchants])
    differences.push(...wrong.map((row) => sumDifference(each.record, shard, row)))
  }
  return differences
}

/** Makes a merchant's rows of a table again from its journal. */
export const rewriteBooks = async (sql: Sql, schema: string, table: SumTable, merchantId: string): Promise<void> => {
  const columns = ['merchant_id', ...table.key, ...table.values].join(', ')
  await sql.query(`delete from ${schema}.${table.table} ${ofMerchants}`, [[merchantId]])
  await sql.query(`insert into ${schema}.${table.table} (${columns}) select ${columns} from ${wanted(table, schema)}`, [
    [merchantId],
  ])
}
