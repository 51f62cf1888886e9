import { isPaymentEvent } from '../event-types.ts'
import { paymentStream } from '../event.ts'
import { anyPayment } from '../gateway/rules.ts'
import type { Rules, Told } from '../judge.ts'
import { noFees } from '../merchant/fees.ts'
import { present } from '../present.ts'
import type { GatewayOutcome, OperationKind, PaymentCommand, RecordOutcome } from './command.ts'
import { decidePayment } from './decide.ts'
import type { Decline, PaymentEvent } from './event.ts'
import { evolvePayment } from './evolve.ts'
import { expiryCause } from './expire.ts'
import type { PaymentState } from './state.ts'

/**
 * How a payment's stream is judged. It cannot tell whether an intent asked for another amount within its limit, whether
 * another gateway, text or id was given, as long as all events agree on it, nor which fee the merchant's schedule gave.
 * What the gateway's rules allowed at the time is in another stream, and a payment that they refused has none: an intent
 * that is there is taken for allowed.
 */
export const paymentRules: Rules<PaymentState, PaymentEvent> = {
  initialState: undefined,
  evolve: evolvePayment,
  belongs: isPaymentEvent,
  streamOf: ({ data }) => paymentStream(data.paymentId),
  decide: (event, payment) => decidePayment(commandOf(event), payment),
  told: (decided, event) => {
    if (decided.type !== 'PaymentCaptured' || event.type !== 'PaymentCaptured') return decided
    const { amount } = decided.data
    const fee = event.data.fee < amount ? event.data.fee : amount
    return { ...decided, data: { ...decided.data, fee } }
  },
}

/** The command that can have made the event. */
const commandOf = (event: Told & PaymentEvent): PaymentCommand => {
  const { type, data, recordedAt: now } = event
  switch (type) {
    case 'PaymentAuthorizationRequested':
      return { type: 'authorize', now, ...data, captureId: data.captureId ?? '', rules: anyPayment }
    case 'PaymentAuthorized': {
      const approval = { type: 'approved', ...present({ gatewayReference: data.gatewayReference }) } as const
      return outcome(now, 'authorization', data.paymentId, approval)
    }
    case 'PaymentDeclined':
      return outcome(now, 'authorization', data.paymentId, declined(data))

    case 'PaymentCaptureRequested':
      return { type: 'capture', now, captureId: data.captureId, amount: data.amount, final: data.final }
    case 'PaymentCaptured':
      return outcome(now, 'capture', data.captureId, approved)
    case 'PaymentCaptureFailed':
      return outcome(now, 'capture', data.captureId, declined(data))

    case 'PaymentIncrementRequested':
      return { type: 'increment', now, incrementId: data.incrementId, amount: data.amount, rules: anyPayment }
    case 'PaymentIncremented':
      return outcome(now, 'increment', data.incrementId, approved)
    case 'PaymentIncrementFailed':
      return outcome(now, 'increment', data.incrementId, declined(data))

    case 'PaymentVoidRequested':
      return { type: 'void', now, voidId: data.voidId }
    case 'PaymentVoided':
      return outcome(now, 'void', data.voidId, approved)
    case 'PaymentVoidFailed':
      return outcome(now, 'void', data.voidId, declined(data))

    case 'PaymentRefundRequested': {
      const { refundId, amount, reason } = data
      return { type: 'refund', now, refundId, amount, ...present({ reason }) }
    }
    case 'PaymentRefunded':
      return outcome(now, 'refund', data.refundId, approved)
    case 'PaymentRefundFailed':
      return outcome(now, 'refund', data.refundId, declined(data))

    case 'PaymentExpired':
      return { type: 'expire', now, forced: event.metadata.cause !== expiryCause }

    case 'PaymentDisputeOpened': {
      const { disputeId, amount, reason, reference } = data
      return { type: 'openDispute', now, disputeId, amount, reason, ...present({ reference }) }
    }
    case 'PaymentDisputeWon':
      return { type: 'closeDispute', now, disputeId: data.disputeId, outcome: 'won' }
    case 'PaymentDisputeLost':
      return { type: 'closeDispute', now, disputeId: data.disputeId, outcome: 'lost' }
  }
}

const approved: GatewayOutcome = { type: 'approved' }
const declined = ({ code, message }: Decline): GatewayOutcome => ({ type: 'declined', code, message })

const outcome = (
  now: string,
  operation: OperationKind,
  operationId: string,
  outcome: GatewayOutcome,
): RecordOutcome => ({ type: 'recordOutcome', now, operation, operationId, outcome, fees: noFees })
