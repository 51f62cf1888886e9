import { accept, type Decision, reject } from '../decider.ts'
import { feeOn } from '../merchant/fees.ts'
import { present } from '../present.ts'
import type { RecordOutcome } from './command.ts'
import { common } from './common.ts'
import type { Decline, PaymentEvent } from './event.ts'
import type { Operation, Payment } from './state.ts'
import { uncaptured } from './unresolved.ts'

/** What the gateway said, whenever it said it: an outcome is a fact and no rule but the intent's own stands against it. */
export const recordOutcome = (command: RecordOutcome, payment: Payment): Decision<PaymentEvent> => {
  if (command.operation === 'authorization') return authorizationOutcome(command, payment)

  const operation = entriesOf(command.operation, payment).find((entry) => entry.id === command.operationId)
  if (operation === undefined) return reject('operationNotFound')
  if (operation.status !== 'pending') return reject('operationClosed')

  if (command.outcome.type === 'declined')
    return accept(failed(command.operation, operation.id, payment, declineOf(command.outcome)))
  return accept(succeeded(command.operation, operation, command, payment))
}

const authorizationOutcome = (command: RecordOutcome, payment: Payment): Decision<PaymentEvent> => {
  if (command.operationId !== payment.id) return reject('operationNotFound')
  if (payment.authorization !== 'pending') return reject('operationClosed')

  if (command.outcome.type === 'declined')
    return accept({ type: 'PaymentDeclined', data: { ...declineOf(command.outcome), ...common(payment) } })

  const { amount } = payment
  const { gatewayReference } = command.outcome
  const authorized: PaymentEvent = {
    type: 'PaymentAuthorized',
    data: { amount, ...present({ gatewayReference }), ...common(payment) },
  }
  if (payment.automaticCaptureId === undefined) return accept(authorized)

  const fee = feeOn(command.fees, payment.method.type, amount)
  return accept<PaymentEvent>(authorized, {
    type: 'PaymentCaptured',
    data: { captureId: payment.automaticCaptureId, amount, released: 0n, fee, ...common(payment) },
  })
}

type AfterAuthorization = Exclude<RecordOutcome['operation'], 'authorization'>

const entriesOf = (kind: AfterAuthorization, payment: Payment): readonly Operation[] => {
  switch (kind) {
    case 'capture':
      return payment.captures
    case 'increment':
      return payment.increments
    case 'void':
      return payment.voids
    case 'refund':
      return payment.refunds
  }
}

const succeeded = (
  kind: AfterAuthorization,
  { id, amount, final }: Operation,
  { fees }: RecordOutcome,
  payment: Payment,
): PaymentEvent => {
  switch (kind) {
    case 'capture': {
      const released = final === true ? uncaptured(payment) - amount : 0n
      const fee = feeOn(fees, payment.method.type, amount)
      return { type: 'PaymentCaptured', data: { captureId: id, amount, released, fee, ...common(payment) } }
    }
    case 'increment': {
      const added = amount - payment.authorized
      return { type: 'PaymentIncremented', data: { incrementId: id, amount, added, ...common(payment) } }
    }
    case 'void':
      return { type: 'PaymentVoided', data: { voidId: id, amount, ...common(payment) } }
    case 'refund':
      return { type: 'PaymentRefunded', data: { refundId: id, amount, ...common(payment) } }
  }
}

const failed = (kind: AfterAuthorization, id: string, payment: Payment, decline: Decline): PaymentEvent => {
  switch (kind) {
    case 'capture':
      return { type: 'PaymentCaptureFailed', data: { captureId: id, ...decline, ...common(payment) } }
    case 'increment':
      return { type: 'PaymentIncrementFailed', data: { incrementId: id, ...decline, ...common(payment) } }
    case 'void':
      return { type: 'PaymentVoidFailed', data: { voidId: id, ...decline, ...common(payment) } }
    case 'refund':
      return { type: 'PaymentRefundFailed', data: { refundId: id, ...decline, ...common(payment) } }
  }
}

const declineOf = ({ code, message }: Decline): Decline => ({ code, message })
