import type { RecordedEvent } from '../../domain/event.ts'
import type { PayoutState } from '../../domain/payout/state.ts'
import type { Sql } from '../read-model-store.ts'
import { uuidOf } from '../uuid.ts'

/** What an event adds to the openings of a payout, less its closings. */
export type Opening = {
  readonly id: string
  readonly merchantId: string
  readonly at: string
  readonly waiting: number
}

/**
 * Whether an event opens (1) or closes (-1) a step that Daybook takes itself, given the payout before it; undefined when
 * it does neither. Sums do not depend on the order in which the events of a payout and of its merchant come.
 */
const change = ({ type }: RecordedEvent, before: PayoutState): number | undefined => {
  if (type === 'PayoutReserved' || type === 'PayoutReturned') return 1
  if (type === 'PayoutSent' || type === 'PayoutReleased') return -1
  // What was not sent is open since its reservation.
  if (type === 'PayoutFailed') return before?.status === 'sent' ? 1 : 0
  return undefined
}

/** What the event means for the steps that its payout waits for; undefined for nothing. */
export const openingOf = (event: RecordedEvent, before: PayoutState): Opening | undefined => {
  const waiting = change(event, before)
  if (waiting === undefined || !('payoutId' in event.data)) return undefined
  const { payoutId: id, merchantId } = event.data
  return { id, merchantId, at: event.recordedAt, waiting }
}

/** One sum for each payout, with the time of the last that did not close, always in the same order. */
const sumsOf = (openings: readonly Opening[]): readonly Opening[] => {
  const sums = new Map<string, Opening>()
  for (const opening of openings) {
    const known = sums.get(opening.id)
    const waiting = (known?.waiting ?? 0) + opening.waiting
    const at = known !== undefined && (opening.waiting < 0 || known.at > opening.at) ? known.at : opening.at
    sums.set(opening.id, { ...opening, at, waiting })
  }
  return [...sums.values()].sort((one, other) => (one.id < other.id ? -1 : 1))
}

/** Brings `open_payouts` up to date. */
export const writeWaiting = async (sql: Sql, schema: string, openings: readonly Opening[]): Promise<void> => {
  const sums = sumsOf(openings)
  if (sums.length === 0) return
  const ids = sums.map(({ id }) => uuidOf(id))
  await sql.query(
    `insert into ${schema}.open_payouts as payout (payout_id, merchant_id, since, waiting)
     select * from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::smallint[])
     on conflict (payout_id) do update set
       waiting = payout.waiting + excluded.waiting,
       since = case when excluded.waiting < 0 then payout.since else greatest(payout.since, excluded.since) end`,
    [ids, sums.map(({ merchantId }) => merchantId), sums.map(({ at }) => at), sums.map(({ waiting }) => waiting)],
  )
  await sql.query(`delete from ${schema}.open_payouts where payout_id = any($1::uuid[]) and waiting = 0`, [ids])
}
