import { accept, type Decision, reject } from '../decider.ts'
import { present } from '../present.ts'
import type { CloseDispute, OpenDispute } from './command.ts'
import { common, isKnown } from './common.ts'
import type { PaymentEvent } from './event.ts'
import { disputable } from './limits.ts'
import type { Payment } from './state.ts'

/** A dispute is a fact that the payer's bank reports, so refunds don't stand in its way. */
export const openDispute = (command: OpenDispute, payment: Payment): Decision<PaymentEvent> => {
  if (isKnown(payment.disputes, command.disputeId)) return reject('disputeExists')
  if (payment.authorization === 'pending') return reject('authorizationPending')
  if (payment.authorization === 'declined') return reject('paymentDeclined')

  const left = disputable(payment)
  if (left === 0n) return reject('nothingToDispute')

  const amount = command.amount ?? left
  if (amount > left) return reject('disputeExceedsCaptured')

  const { disputeId, reason, reference } = command
  return accept({
    type: 'PaymentDisputeOpened',
    data: { disputeId, amount, reason, ...present({ reference }), ...common(payment) },
  })
}

/** Won: the money stays with the merchant. Lost: it is gone. */
export const closeDispute = (command: CloseDispute, payment: Payment): Decision<PaymentEvent> => {
  const dispute = payment.disputes.find((entry) => entry.id === command.disputeId)
  if (dispute === undefined) return reject('disputeNotFound')
  if (dispute.status !== 'open') return reject('disputeClosed')

  const data = { disputeId: dispute.id, amount: dispute.amount, ...common(payment) }
  return accept({ type: command.outcome === 'won' ? 'PaymentDisputeWon' : 'PaymentDisputeLost', data })
}
