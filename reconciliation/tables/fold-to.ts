import { isPaymentEvent, isPayoutEvent } from '../../domain/event-types.ts'
import { evolvePayment } from '../../domain/payment/evolve.ts'
import type { PaymentState } from '../../domain/payment/state.ts'
import { evolvePayout } from '../../domain/payout/evolve.ts'
import type { PayoutState } from '../../domain/payout/state.ts'
import { type PaymentRow, rowOf as paymentRowOf } from '../../projections/payments/row.ts'
import { type PayoutRow, rowOf as payoutRowOf } from '../../projections/payouts/row.ts'
import { isUnread, type LogEvent } from '../../projections/unread.ts'

/** A stream's row after its event of a revision; undefined where the events do not lead there, or cannot be applied. */
export type FoldTo<Row> = (events: readonly LogEvent[], revision: number) => Row | undefined

/** The payment's row, of a stream from its first event on. */
export const paymentRowAt: FoldTo<PaymentRow> = (events, revision) => {
  let state: PaymentState
  for (const event of events) {
    if (isUnread(event) || !isPaymentEvent(event) || event.revision !== (state?.revision ?? -1) + 1) return undefined
    state = evolvePayment(state, event)
    if (event.revision === revision) return paymentRowOf(state, event)
  }
  return undefined
}

/** The payout's row, of a stream from its first event on. */
export const payoutRowAt: FoldTo<PayoutRow> = (events, revision) => {
  let state: PayoutState
  for (const event of events) {
    if (isUnread(event) || !isPayoutEvent(event) || event.revision !== (state?.revision ?? -1) + 1) return undefined
    state = evolvePayout(state, event)
    if (event.revision === revision) return payoutRowOf(state, event)
  }
  return undefined
}
