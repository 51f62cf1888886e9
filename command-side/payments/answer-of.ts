import type { NewEvent } from '../../domain/event.ts'
import type { Decline, PaymentEvent } from '../../domain/payment/event.ts'
import { paymentResource } from '../../domain/payment/resource.ts'
import type { Payment } from '../../domain/payment/state.ts'
import { shownResource } from '../../domain/personal.ts'
import { resourceMembers } from '../../domain/personal-members.ts'
import type { Position } from '../../domain/position.ts'
import { problemBody } from '../../http/problem-response.ts'
import { Problem } from '../../http/problem.ts'
import type { Answer } from '../answer.ts'

/** A payment as of one event, and where in the log that event is. */
export type Recorded = {
  readonly payment: Payment
  readonly event: NewEvent<PaymentEvent>
  readonly position: Position
}

/**
 * The answer to the call whose last event this is. Made of what is in the log alone, so it is the same at every replay, but
 * for what was forgotten meanwhile.
 */
export const answerOf = ({ payment, event, position }: Recorded, replayed: boolean): Answer => {
  const common = { id: payment.id, revision: payment.revision, position, replayed }
  const failure = failureOf(event)
  return failure === undefined
    ? { kind: 'resource', status: statusOf(event), body: bodyOf(payment), ...common }
    : {
        kind: 'problem',
        status: 422,
        body: JSON.stringify(problemBody(failure, event.metadata.traceId ?? '')),
        ...common,
      }
}

const bodyOf = (payment: Payment): string =>
  JSON.stringify(shownResource(paymentResource(payment), resourceMembers.payment))

/** Closing a dispute makes nothing new. */
const statusOf = ({ type }: PaymentEvent): 200 | 201 =>
  type === 'PaymentDisputeWon' || type === 'PaymentDisputeLost' ? 200 : 201

const failureOf = (event: PaymentEvent): Problem | undefined => {
  switch (event.type) {
    case 'PaymentCaptureFailed':
      return gatewayDeclined('capture', event.data)
    case 'PaymentIncrementFailed':
      return gatewayDeclined('increment', event.data)
    case 'PaymentVoidFailed':
      return gatewayDeclined('void', event.data)
    case 'PaymentRefundFailed':
      return gatewayDeclined('refund', event.data)
    // A declined authorization is a payment, not an error.
    case 'PaymentDeclined':
    case 'PaymentAuthorizationRequested':
    case 'PaymentAuthorized':
    case 'PaymentCaptureRequested':
    case 'PaymentCaptured':
    case 'PaymentIncrementRequested':
    case 'PaymentIncremented':
    case 'PaymentVoidRequested':
    case 'PaymentVoided':
    case 'PaymentRefundRequested':
    case 'PaymentRefunded':
    case 'PaymentExpired':
    case 'PaymentDisputeOpened':
    case 'PaymentDisputeWon':
    case 'PaymentDisputeLost':
      return undefined
  }
}

const gatewayDeclined = (operation: string, { code, message }: Decline): Problem =>
  new Problem(422, 'gatewayDeclined', `The gateway declined the ${operation}: ${message}`, {
    members: { decline: { code, message } },
  })
