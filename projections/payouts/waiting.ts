import type { DomainEvent, RecordedEvent } from '../../domain/event.ts'
import type { Sql } from '../read-model-store.ts'
import { uuidOf } from '../uuid.ts'

/** Whether a payout waits, after this event, for a step that Daybook takes itself; undefined when it doesn't say. */
const waitsAfter = ({ type }: DomainEvent): boolean | undefined => {
  if (type === 'PayoutReserved' || type === 'PayoutFailed' || type === 'PayoutReturned') return true
  if (type === 'PayoutSent' || type === 'PayoutReleased') return false
  return undefined
}

type Payout = { readonly id: string; readonly merchantId: string; readonly at: string; readonly waits: boolean }

/** What the events say last about each payout. */
const lastSaid = (events: readonly RecordedEvent[]): readonly Payout[] => {
  const payouts = new Map<string, Payout>()
  for (const event of events) {
    const waits = waitsAfter(event)
    if (waits === undefined || !('payoutId' in event.data)) continue
    const { payoutId: id, merchantId } = event.data
    payouts.set(id, { id, merchantId, at: event.recordedAt, waits })
  }
  return [...payouts.values()]
}

/** Brings `open_payouts` up to date. */
export const writeWaiting = async (sql: Sql, schema: string, events: readonly RecordedEvent[]): Promise<void> => {
  const payouts = lastSaid(events)
  const open = payouts.filter(({ waits }) => waits)
  const closed = payouts.filter(({ waits }) => !waits)
  if (open.length > 0)
    await sql.query(
      `insert into ${schema}.open_payouts (payout_id, merchant_id, since)
       select * from unnest($1::uuid[], $2::text[], $3::timestamptz[])
       on conflict (payout_id) do update set since = excluded.since`,
      [open.map(({ id }) => uuidOf(id)), open.map(({ merchantId }) => merchantId), open.map(({ at }) => at)],
    )
  if (closed.length > 0)
    await sql.query(`delete from ${schema}.open_payouts where payout_id = any($1::uuid[])`, [
      closed.map(({ id }) => uuidOf(id)),
    ])
}
