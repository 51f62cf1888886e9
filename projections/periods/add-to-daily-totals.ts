import type { Period } from '../../domain/period.ts'
import { columns, type Day, daysOf, totals, zeros } from '../journal/add-to-daily-totals.ts'
import { numberArray } from '../number-array.ts'
import type { Sql } from '../read-model-store.ts'
import { inAllSizes, merged, type PeriodEvents } from './by-period.ts'

type Row = Period & Day

const keyOf = ({ merchantId, day, currency, log, size, first }: Row): string =>
  `${merchantId}\t${day}\t${currency}\t${log}\t${size}\t${first}`

const together = (one: Row, other: Row): Row => {
  const [counts, amounts] = [zeros(), zeros()]
  for (const total of totals) {
    counts[total] = one.counts[total] + other.counts[total]
    amounts[total] = one.amounts[total] + other.amounts[total]
  }
  return { ...one, counts, amounts }
}

/** Adds what the events say to their days' totals in their periods. */
export const addToDailyTotals = async (
  sql: Sql,
  schema: string,
  periods: readonly PeriodEvents[],
  sizes: readonly number[],
): Promise<void> => {
  const finest = periods.flatMap(({ log, size, first, events }) =>
    daysOf(events).map((day) => ({ log, size, first, ...day })),
  )
  const rows = merged(inAllSizes(finest, sizes), keyOf, together)
  if (rows.length === 0) return
  await sql.query(
    `insert into ${schema}.period_daily_totals as period (
       merchant_id, day, currency, log, size, first, ${columns.join(', ')}
     )
     select * from unnest(
       $1::text[], $2::date[], $3::text[], $4::smallint[], $5::bigint[], $6::bigint[],
       ${columns.map((_, index) => `$${index + 7}::bigint[]`).join(', ')}
     )
     on conflict (merchant_id, day, currency, log, size, first) do update set
       ${columns.map((column) => `${column} = period.${column} + excluded.${column}`).join(', ')}`,
    [
      rows.map(({ merchantId }) => merchantId),
      rows.map(({ day }) => day),
      rows.map(({ currency }) => currency),
      numberArray(rows.map(({ log }) => log)),
      numberArray(rows.map(({ size }) => size)),
      numberArray(rows.map(({ first }) => first)),
      ...totals.flatMap((total) => [
        numberArray(rows.map(({ counts }) => counts[total])),
        numberArray(rows.map(({ amounts }) => amounts[total])),
      ]),
    ],
  )
}
