import type { RecordKind } from '../../../domain/repair/difference.ts'
import { columns, names } from '../../../projections/periods/add-to-totals.ts'
import { day, dayColumns, daySums, ofDays } from './days.ts'

/** A table of sums over the journal's lines. */
export type SumTable = {
  readonly record: Extract<RecordKind, 'balances' | 'dailyTotals' | 'periodTotals' | 'periodDailyTotals'>
  readonly table: string
  /** What tells a row from the others of its merchant and, where it has one, its period. */
  readonly key: readonly string[]
  readonly values: readonly string[]
  /** SQL of what its rows should be, given that of the lines which count. */
  readonly rows: (lines: string) => string
}

const named = (expressions: readonly string[], columnNames: readonly string[]): string =>
  expressions.map((expression, index) => `${expression} as ${columnNames[index]}`).join(', ')

/** What is summed of a merchant. */
export const books: readonly SumTable[] = [
  {
    record: 'balances',
    table: 'account_balances',
    key: ['account', 'currency', 'layer'],
    values: ['debit', 'credit'],
    rows: (lines) =>
      `select merchant_id, account, currency, layer,
         sum(greatest(amount, 0)) as debit, sum(greatest(-amount, 0)) as credit
       from ${lines} group by 1, 2, 3, 4`,
  },
  {
    record: 'dailyTotals',
    table: 'merchant_daily_totals',
    key: ['day', 'currency'],
    values: dayColumns,
    rows: (lines) =>
      `select merchant_id, ${day} as day, currency, ${named(daySums, dayColumns)}
       from ${lines} where ${ofDays} group by 1, 2, 3`,
  },
]

const totalSums = names.flatMap(({ layer, account }) =>
  ['amount', '-amount'].map(
    (amount) => `coalesce(sum(greatest(${amount}, 0)) filter (where layer = '${layer}' and account = '${account}'), 0)`,
  ),
)

/** What is summed of a merchant within a period, $2 sequences long; and of all merchants. */
export const periods: readonly SumTable[] = [
  {
    record: 'periodTotals',
    table: 'period_totals',
    key: ['currency'],
    values: columns,
    rows: (lines) =>
      `select coalesce(merchant_id, '') as merchant_id, currency, log, $2::bigint as size, first, ${named(totalSums, columns)}
       from (select *, sequence - sequence % $2::bigint as first from ${lines}) line
       group by grouping sets ((merchant_id, currency, log, first), (currency, log, first))`,
  },
  {
    record: 'periodDailyTotals',
    table: 'period_daily_totals',
    key: ['day', 'currency'],
    values: dayColumns,
    rows: (lines) =>
      `select merchant_id, ${day} as day, currency, log, $2::bigint as size, sequence - sequence % $2::bigint as first,
         ${named(daySums, dayColumns)}
       from ${lines} where ${ofDays} group by 1, 2, 3, 4, 6`,
  },
]
