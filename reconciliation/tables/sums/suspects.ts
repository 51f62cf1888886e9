import type { Sql } from '../../../projections/read-model-store.ts'
import type { LiveShard } from '../live-schemas.ts'
import { dayColumns } from './days.ts'
import { type Columns, differing } from './differing.ts'
import { mostWrong } from './sum-difference.ts'
import { periods } from './sum-tables.ts'

/** A period of some merchants that is to be held against the journal. */
export type Suspect = { readonly log: number; readonly first: number; readonly merchants: readonly string[] }

/**
 * The periods of a size, of these merchants or of all together (''), that are not the sums of the smaller periods in them.
 */
export const suspectPeriods = async (
  sql: Sql,
  schema: string,
  merchants: readonly string[],
  smaller: number,
  size: number,
): Promise<readonly Suspect[]> => {
  const suspects: Suspect[] = []
  for (const { table, key, values } of periods) {
    const columns: Columns = { key: ['merchant_id', ...key, 'log', 'first'], values }
    const of = `${schema}.${table} where merchant_id = any($1::text[]) and size =`
    const summed = `(
      select merchant_id, ${key.join(', ')}, log, first - first % $3::bigint as first,
        ${values.map((value) => `sum(${value}) as ${value}`).join(', ')}
      from ${of} $2 group by merchant_id, ${key.join(', ')}, log, first - first % $3::bigint
    ) summed`
    const rows = await sql.query<{ log: number; first: bigint; merchants: readonly string[] }>(
      `select log, first, array_agg(distinct merchant_id) as merchants
       from (${differing(columns, `${of} $3`, summed)}) wrong group by 1, 2 order by 1, 2 limit ${mostWrong}`,
      [merchants, smaller, size],
    )
    suspects.push(...rows.map((row) => ({ ...row, first: Number(row.first) })))
  }
  return suspects
}

/** Those of these merchants whose balances or daily totals are not the sums of their largest periods, which are so long. */
export const suspectMerchants = async (
  sql: Sql,
  { schemas: { journal, periods: schema } }: LiveShard,
  merchants: readonly string[],
  size: number,
): Promise<readonly string[]> => {
  const of = `merchant_id = any($1::text[])`
  const large = `where ${of} and size = $2 and merchant_id <> ''`
  const balances = differing(
    { key: ['merchant_id', 'account', 'currency', 'layer'], values: ['debit', 'credit'] },
    `${journal}.account_balances where ${of}`,
    `(select merchant_id, account, currency, layer, sum(debit) as debit, sum(credit) as credit
      from ${schema}.period_balances ${large} group by 1, 2, 3, 4) summed`,
  )
  const days = differing(
    { key: ['merchant_id', 'day', 'currency'], values: dayColumns },
    `${journal}.merchant_daily_totals where ${of}`,
    `(select merchant_id, day, currency, ${dayColumns.map((column) => `sum(${column}) as ${column}`).join(', ')}
      from ${schema}.period_daily_totals ${large} group by 1, 2, 3) summed`,
  )
  const rows = await sql.query<{ id: string }>(
    `select merchant_id as id from (${balances}) balance union select merchant_id from (${days}) day order by 1`,
    [merchants, size],
  )
  return rows.map(({ id }) => id)
}
