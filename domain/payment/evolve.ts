import type { Dated } from '../event.ts'
import { present } from '../present.ts'
import type { Decline, PaymentAuthorizationRequested, PaymentEvent } from './event.ts'
import type { Dispute, Operation, Payment, PaymentState } from './state.ts'

/** The payment after the event. Throws for a stream that doesn't begin with its first event: such a log is damaged. */
export const evolvePayment = (state: PaymentState, event: Dated<PaymentEvent>): Payment => {
  if (event.type === 'PaymentAuthorizationRequested') return requested(event)
  if (state === undefined) throw new Error(`${event.type} without a payment before it`)
  const revision = state.revision + 1
  return { ...state, ...changes(state, event), updatedAt: event.recordedAt, revision }
}

const requested = ({ data, recordedAt }: Dated<PaymentAuthorizationRequested>): Payment => ({
  id: data.paymentId,
  merchantId: data.merchantId,
  currency: data.currency,
  gateway: data.gateway,
  method: data.method,
  capture: data.capture,
  metadata: data.metadata ?? {},
  authorization: 'pending',
  amount: data.amount,
  authorized: 0n,
  captured: 0n,
  refunded: 0n,
  voided: 0n,
  expired: 0n,
  disputed: 0n,
  captures: [],
  refunds: [],
  voids: [],
  increments: [],
  disputes: [],
  expiresAt: data.expiresAt,
  createdAt: recordedAt,
  updatedAt: recordedAt,
  revision: 0,
  ...present({
    automaticCaptureId: data.captureId,
    customerId: data.customerId,
    reference: data.reference,
    mandate: data.mandate,
    authentication: data.authentication,
  }),
})

/** What the event changes of the payment. */
const changes = (
  payment: Payment,
  event: Dated<Exclude<PaymentEvent, PaymentAuthorizationRequested>>,
): Partial<Payment> => {
  const { type, data, recordedAt } = event
  switch (type) {
    case 'PaymentAuthorized':
      return { authorization: 'approved', authorized: data.amount }
    case 'PaymentDeclined':
      return { authorization: 'declined', decline: declineOf(data) }

    case 'PaymentCaptureRequested': {
      const capture = { final: data.final, ...pending(data.captureId, data.amount, recordedAt) }
      return { captures: [...payment.captures, capture] }
    }
    case 'PaymentCaptured':
      return {
        captured: payment.captured + data.amount,
        voided: payment.voided + data.released,
        captures: captured(payment.captures, pending(data.captureId, data.amount, recordedAt)),
      }
    case 'PaymentCaptureFailed':
      return { captures: failed(payment.captures, data.captureId, data) }

    case 'PaymentIncrementRequested':
      return { increments: [...payment.increments, pending(data.incrementId, data.amount, recordedAt)] }
    case 'PaymentIncremented':
      return {
        amount: data.amount,
        authorized: payment.authorized + data.added,
        increments: succeeded(payment.increments, data.incrementId),
      }
    case 'PaymentIncrementFailed':
      return { increments: failed(payment.increments, data.incrementId, data) }

    case 'PaymentVoidRequested':
      return { voids: [...payment.voids, pending(data.voidId, data.amount, recordedAt)] }
    case 'PaymentVoided':
      return { voided: payment.voided + data.amount, voids: succeeded(payment.voids, data.voidId) }
    case 'PaymentVoidFailed':
      return { voids: failed(payment.voids, data.voidId, data) }

    case 'PaymentRefundRequested': {
      const refund = { ...pending(data.refundId, data.amount, recordedAt), ...present({ reason: data.reason }) }
      return { refunds: [...payment.refunds, refund] }
    }
    case 'PaymentRefunded':
      return { refunded: payment.refunded + data.amount, refunds: succeeded(payment.refunds, data.refundId) }
    case 'PaymentRefundFailed':
      return { refunds: failed(payment.refunds, data.refundId, data) }

    case 'PaymentExpired':
      return { expired: payment.expired + data.amount }

    case 'PaymentDisputeOpened': {
      const { disputeId: id, amount, reason, reference } = data
      const dispute: Dispute = { id, amount, status: 'open', reason, createdAt: recordedAt, ...present({ reference }) }
      return { disputed: payment.disputed + amount, disputes: [...payment.disputes, dispute] }
    }
    case 'PaymentDisputeWon':
      return {
        disputed: payment.disputed - data.amount,
        disputes: replaced(payment.disputes, data.disputeId, { status: 'won' }),
      }
    case 'PaymentDisputeLost':
      return { disputes: replaced(payment.disputes, data.disputeId, { status: 'lost' }) }
  }
}

const pending = (id: string, amount: bigint, createdAt: string): Operation => ({
  id,
  amount,
  status: 'pending',
  createdAt,
})

const replaced = <Entry extends { readonly id: string }>(
  entries: readonly Entry[],
  id: string,
  change: Partial<Entry>,
): readonly Entry[] => entries.map((entry) => (entry.id === id ? { ...entry, ...change } : entry))

const succeeded = (entries: readonly Operation[], id: string) => replaced(entries, id, { status: 'succeeded' })

const failed = (entries: readonly Operation[], id: string, decline: Decline) =>
  replaced(entries, id, { status: 'failed', decline: declineOf(decline) })

/** An automatic capture has no intent of its own: it is first heard of when it has succeeded. */
const captured = (captures: readonly Operation[], capture: Operation): readonly Operation[] =>
  captures.some(({ id }) => id === capture.id)
    ? succeeded(captures, capture.id)
    : [...captures, { ...capture, status: 'succeeded' }]

const declineOf = ({ code, message }: Decline): Decline => ({ code, message })
