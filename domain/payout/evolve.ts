import type { Dated } from '../event.ts'
import type { Decline } from '../payment/event.ts'
import { present } from '../present.ts'
import type { PayoutEvent, PayoutRequested } from './event.ts'
import type { Payout, PayoutState } from './state.ts'

/** The payout after the event. Throws for a stream that doesn't begin with its first event: such a log is damaged. */
export const evolvePayout = (state: PayoutState, event: Dated<PayoutEvent>): Payout => {
  if (event.type === 'PayoutRequested') return requested(event)
  if (state === undefined) throw new Error(`${event.type} without a payout before it`)
  const revision = state.revision + 1
  return { ...state, ...changes(event), updatedAt: event.recordedAt, revision }
}

const requested = ({ data, recordedAt }: Dated<PayoutRequested>): Payout => ({
  id: data.payoutId,
  merchantId: data.merchantId,
  status: 'requested',
  amount: data.amount,
  currency: data.currency,
  destination: data.destination,
  bank: data.bank,
  metadata: data.metadata ?? {},
  createdAt: recordedAt,
  updatedAt: recordedAt,
  revision: 0,
  ...present({ reference: data.reference }),
})

/** What the event changes of the payout. */
const changes = (event: Exclude<PayoutEvent, PayoutRequested>): Partial<Payout> => {
  switch (event.type) {
    case 'PayoutSent':
      return { status: 'sent', ...present({ bankReference: event.data.bankReference }) }
    case 'PayoutSettled':
      return { status: 'settled' }
    case 'PayoutFailed':
      return { status: 'failed', decline: declineOf(event.data) }
    case 'PayoutReturned':
      return { status: 'returned', decline: declineOf(event.data) }
  }
}

const declineOf = ({ code, message }: Decline): Decline => ({ code, message })
