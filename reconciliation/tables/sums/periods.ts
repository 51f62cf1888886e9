import type { Period } from '../../../domain/period.ts'
import type { Sql } from '../../../projections/read-model-store.ts'
import type { Difference } from '../../difference.ts'
import type { LiveShard } from '../live-schemas.ts'
import { differing } from './differing.ts'
import { sumDifference, type WrongRow, wrongRows } from './sum-difference.ts'
import { periods, type SumTable } from './sum-tables.ts'

/** Periods of one size in a row, from the one that begins at `from` to what begins at `before`. */
export type Stretch = {
  readonly log: number
  readonly size: number
  readonly from: number
  readonly before: number
}

/** $1 to $4 are a stretch, $5 merchants, '' for all of them together, or null for each and all. */
const among = '($5::text[] is null or merchant_id = any($5::text[]))'
const valuesOf = ({ log, size, from, before }: Stretch, merchants: readonly string[] | null): readonly unknown[] => [
  log,
  size,
  from,
  before,
  merchants,
]

/** SQL of what a table should have of a stretch: sums of the journal's rows there. */
const wanted = ({ rows }: SumTable, journal: string): string => {
  const lines = `(
    select * from ${journal}.postings
    where log = $1 and sequence >= $3 and sequence < $4 and (${among} or '' = any($5::text[]))
  ) line`
  return `(select * from (${rows(lines)}) sums where ${among}) sums`
}

/** Holds the sums of a stretch against the journal's rows there, those of some merchants or of all. */
export const comparePeriods = async (
  sql: Sql,
  { shard, schemas }: LiveShard,
  stretch: Stretch,
  merchants: readonly string[] | null,
): Promise<readonly Difference[]> => {
  const differences: Difference[] = []
  for (const each of periods) {
    const columns = { key: ['merchant_id', ...each.key, 'first'], values: each.values }
    const found = `${schemas.periods}.${each.table}
      where log = $1 and size = $2 and first >= $3 and first < $4 and ${among}`
    const rows = differing(columns, found, wanted(each, schemas.journal))
    const text = wrongRows(['$2::bigint', ...each.key], rows, ['first'])
    const wrong = await sql.query<WrongRow & { first: bigint }>(text, valuesOf(stretch, merchants))
    differences.push(...wrong.map((row) => sumDifference(each.record, shard, row, stretch.log, Number(row.first))))
  }
  return differences
}

/** Makes a merchant's sums of the periods that begin at one sequence again from the journal. */
export const rewritePeriods = async (
  sql: Sql,
  { schemas }: LiveShard,
  table: SumTable,
  merchantId: string,
  { log, first }: Pick<Period, 'log' | 'first'>,
  sizes: readonly number[],
): Promise<void> => {
  const columns = ['merchant_id', ...table.key, 'log', 'size', 'first', ...table.values].join(', ')
  await sql.query(`delete from ${schemas.periods}.${table.table} where merchant_id = $1 and log = $2 and first = $3`, [
    merchantId,
    log,
    first,
  ])
  for (const size of sizes.filter((each) => first % each === 0))
    await sql.query(
      `insert into ${schemas.periods}.${table.table} (${columns}) select ${columns} from ${wanted(table, schemas.journal)}`,
      valuesOf({ log, size, from: first, before: first + size }, [merchantId]),
    )
}
