import type { RecordedEvent } from '../../domain/event.ts'
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

/** Folds a stream from its first event on. What cannot be folded a projector has parked, and is nothing to judge by. */
const foldTo = <State, Row>(
  evolve: (state: State | undefined, event: RecordedEvent) => State | undefined,
  rowOf: (state: State, last: RecordedEvent) => Row,
): FoldTo<Row> => {
  return (events, revision) => {
    let state: State | undefined
    try {
      for (const [index, event] of events.entries()) {
        if (isUnread(event) || event.revision !== index) return undefined
        state = evolve(state, event)
        if (state === undefined) return undefined
        if (index === revision) return rowOf(state, event)
      }
    } catch {
      return undefined
    }
    return undefined
  }
}

/** The payment's row, of a stream from its first event on. */
export const paymentRowAt: FoldTo<PaymentRow> = foldTo<NonNullable<PaymentState>, PaymentRow>(
  (state, event) => (isPaymentEvent(event) ? evolvePayment(state, event) : undefined),
  paymentRowOf,
)

/** The payout's row, of a stream from its first event on. */
export const payoutRowAt: FoldTo<PayoutRow> = foldTo<NonNullable<PayoutState>, PayoutRow>(
  (state, event) => (isPayoutEvent(event) ? evolvePayout(state, event) : undefined),
  payoutRowOf,
)
