import type { PaymentEvent } from '../../domain/payment/event.ts'
import type { Payment } from '../../domain/payment/state.ts'
import { withoutSealed } from '../../domain/personal.ts'
import { resourceMembers } from '../../domain/personal-members.ts'
import type { UnresolvedOperation } from '../../domain/payment/unresolved.ts'
import type { GatewayOperation } from '../gateway.ts'

/** An operation as the gateway is told of it, now or when it is asked about later. */
export const gatewayOperation = (
  { id, currency, method, capture }: Payment,
  { operation, operationId, amount }: Omit<UnresolvedOperation, 'since'>,
): GatewayOperation => ({
  operation,
  reference: operationId,
  paymentId: id,
  amount,
  currency,
  ...withoutSealed({ method }, resourceMembers.payment),
  capture,
})

/** What the gateway has to do after this event; undefined for an event that is no intent. */
export const operationOf = (event: PaymentEvent, payment: Payment): GatewayOperation | undefined => {
  const { type, data } = event
  switch (type) {
    case 'PaymentAuthorizationRequested':
      return gatewayOperation(payment, { operation: 'authorization', operationId: payment.id, amount: data.amount })
    case 'PaymentCaptureRequested':
      return gatewayOperation(payment, { operation: 'capture', operationId: data.captureId, amount: data.amount })
    case 'PaymentIncrementRequested':
      return gatewayOperation(payment, { operation: 'increment', operationId: data.incrementId, amount: data.amount })
    case 'PaymentVoidRequested':
      return gatewayOperation(payment, { operation: 'void', operationId: data.voidId, amount: data.amount })
    case 'PaymentRefundRequested':
      return gatewayOperation(payment, { operation: 'refund', operationId: data.refundId, amount: data.amount })
    case 'PaymentAuthorized':
    case 'PaymentDeclined':
    case 'PaymentCaptured':
    case 'PaymentCaptureFailed':
    case 'PaymentIncremented':
    case 'PaymentIncrementFailed':
    case 'PaymentVoided':
    case 'PaymentVoidFailed':
    case 'PaymentRefunded':
    case 'PaymentRefundFailed':
    case 'PaymentExpired':
    case 'PaymentDisputeOpened':
    case 'PaymentDisputeWon':
    case 'PaymentDisputeLost':
      return undefined
  }
}
