import type { DomainEvent, RecordedEvent } from '../../domain/event.ts'
import type { Sql } from '../read-model-store.ts'

/** What is counted and summed of a day. */
export const totals = ['authorized', 'captured', 'refunded', 'disputed', 'fees'] as const
export type Total = (typeof totals)[number]
type Addition = { readonly total: Total; readonly count: bigint; readonly amount: bigint }

const added = (total: Total, amount: bigint, count = 1n): Addition => ({ total, count, amount })

/** What an event adds to the totals of its day. An increment is no authorization of its own. */
const additionsOf = (event: DomainEvent): readonly Addition[] => {
  if (event.type === 'PaymentAuthorized') return [added('authorized', event.data.amount)]
  if (event.type === 'PaymentIncremented') return [added('authorized', event.data.added, 0n)]
  if (event.type === 'PaymentRefunded') return [added('refunded', event.data.amount)]
  if (event.type === 'PaymentDisputeOpened') return [added('disputed', event.data.amount)]
  if (event.type !== 'PaymentCaptured') return []
  const { amount, fee } = event.data
  return fee > 0n ? [added('captured', amount), added('fees', fee)] : [added('captured', amount)]
}

/** What happened to a merchant's payments in one currency on one day (UTC). */
export type Day = {
  readonly merchantId: string
  readonly day: string
  readonly currency: string
  readonly counts: Record<Total, bigint>
  readonly amounts: Record<Total, bigint>
}

/** Nothing of anything. */
export const zeros = (): Record<Total, bigint> => ({
  authorized: 0n,
  captured: 0n,
  refunded: 0n,
  disputed: 0n,
  fees: 0n,
})

/** One sum for each merchant, day (UTC) and currency, always in the same order. */
export const daysOf = (events: readonly RecordedEvent[]): readonly Day[] => {
  const days = new Map<string, Day>()
  for (const event of events) {
    const additions = additionsOf(event)
    if (additions.length === 0 || !('currency' in event.data)) continue
    const { merchantId, currency } = event.data
    const day = event.recordedAt.slice(0, 10)
    const key = `${merchantId}\t${day}\t${currency}`
    let sum = days.get(key)
    if (sum === undefined) days.set(key, (sum = { merchantId, day, currency, counts: zeros(), amounts: zeros() }))
    for (const { total, count, amount } of additions) {
      sum.counts[total] += count
      sum.amounts[total] += amount
    }
  }
  return [...days].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, sum]) => sum)
}

/** The columns of the totals. */
export const columns = totals.flatMap((total) => [`${total}_count`, `${total}_amount`])

/** Adds what the events say to the merchants' totals of their days. */
export const addToDailyTotals = async (sql: Sql, schema: string, events: readonly RecordedEvent[]): Promise<void> => {
  const days = daysOf(events)
  if (days.length === 0) return
  await sql.query(
    `insert into ${schema}.merchant_daily_totals as total (merchant_id, day, currency, ${columns.join(', ')})
     select * from unnest(
       $1::text[], $2::date[], $3::text[], ${columns.map((_, index) => `$${index + 4}::bigint[]`).join(', ')}
     )
     on conflict (merchant_id, day, currency) do update set
       ${columns.map((column) => `${column} = total.${column} + excluded.${column}`).join(', ')}`,
    [
      days.map(({ merchantId }) => merchantId),
      days.map(({ day }) => day),
      days.map(({ currency }) => currency),
      ...totals.flatMap((total) => [
        days.map(({ counts }) => counts[total]),
        days.map(({ amounts }) => amounts[total]),
      ]),
    ],
  )
}
