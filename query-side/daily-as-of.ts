import type { Position } from '../domain/position.ts'
import type { DayRow, DaySum } from './daily.ts'
import type { Past } from './reads.ts'
import { type Sums, sumsUpTo } from './sums-up-to.ts'
import type { Condition } from './where.ts'

type Day = Pick<DayRow, 'merchant_id' | 'day' | 'currency'>
type Row = Day & { readonly [sum in DaySum]: string | null }

/** Which of the journal's lines say it, and the amount that they say. An increment is no authorization of its own. */
const lines: Readonly<Record<DaySum, readonly [condition: string, sum: string]>> = {
  authorized_count: ["kind = 'PaymentAuthorized' and account = 'gatewayReceivable'", 'count(*)'],
  authorized_amount: [
    "kind in ('PaymentAuthorized', 'PaymentIncremented') and account = 'gatewayReceivable'",
    'sum(amount)',
  ],
  captured_count: ["kind = 'PaymentCaptured' and account = 'gatewayReceivable' and layer = 'posted'", 'count(*)'],
  captured_amount: ["kind = 'PaymentCaptured' and account = 'gatewayReceivable' and layer = 'posted'", 'sum(amount)'],
  refunded_count: ["kind = 'PaymentRefunded' and account = 'merchantPending'", 'count(*)'],
  refunded_amount: ["kind = 'PaymentRefunded' and account = 'merchantPending'", 'sum(amount)'],
  disputed_count: ["kind = 'PaymentDisputeOpened' and account = 'merchantPending'", 'count(*)'],
  disputed_amount: ["kind = 'PaymentDisputeOpened' and account = 'merchantPending'", 'sum(amount)'],
  fees_count: ["kind = 'PaymentCaptured' and account = 'fees'", 'count(*)'],
  fees_amount: ["kind = 'PaymentCaptured' and account = 'fees'", '-sum(amount)'],
}
const names = Object.keys(lines) as readonly DaySum[]

const dayOfLine = "(recorded_at at time zone 'UTC')::date"

const sums: Pick<Sums, 'ofPeriods' | 'ofLines'> = {
  ofPeriods: (schema, condition) => `
    select merchant_id, day, currency, ${names.map((name) => `sum(${name}) as ${name}`).join(', ')}
    from ${schema}.period_daily_totals where ${condition}
    group by merchant_id, day, currency`,
  ofLines: (schema, condition) => `
    select merchant_id, ${dayOfLine} as day, currency,
      ${names.map((name) => `${lines[name][1]} filter (where ${lines[name][0]}) as ${name}`).join(', ')}
    from ${schema}.postings where ${condition}
    group by merchant_id, ${dayOfLine}, currency`,
}

const nameOf = ({ merchant_id: merchant, day, currency }: Day): string => `${merchant} ${day} ${currency}`

/** The totals of these days as they were at a position; days are left out of which there was nothing yet. */
export const dailyAsOf = async (
  past: Past,
  schemas: readonly string[],
  position: Position,
  days: readonly Day[],
): Promise<readonly DayRow[]> => {
  if (days.length === 0) return []
  const ofThem: Condition = ['merchant_id = any(?)', [...new Set(days.map((each) => each.merchant_id))]]
  const asked = [...new Set(days.map(({ day }) => day))]
  const rows = await sumsUpTo<Row>(past, schemas, position, {
    ...sums,
    periods: [ofThem, ['day = any(?)', asked]],
    lines: [ofThem, [`${dayOfLine} = any(?)`, asked]],
  })
  const found = new Map<string, Record<DaySum, bigint>>()
  for (const row of rows) {
    const known = found.get(nameOf(row))
    const sum = (name: DaySum): bigint => (known?.[name] ?? 0n) + BigInt(row[name] ?? 0)
    found.set(nameOf(row), Object.fromEntries(names.map((name) => [name, sum(name)])) as Record<DaySum, bigint>)
  }
  return days.flatMap(({ merchant_id, day, currency }) => {
    const totals = found.get(nameOf({ merchant_id, day, currency }))
    const isThere = totals !== undefined && names.some((name) => totals[name] > 0n)
    return isThere ? { merchant_id, day, currency, ...totals } : []
  })
}
