import { accept, type Decision, reject } from '../decider.ts'
import { present } from '../present.ts'
import type { Refund } from './command.ts'
import { common, isKnown } from './common.ts'
import type { PaymentEvent } from './event.ts'
import { refundable } from './limits.ts'
import type { Payment } from './state.ts'

/** Gives back what was captured, as far as it is neither refunded, being refunded nor disputed. */
export const refund = (command: Refund, payment: Payment): Decision<PaymentEvent> => {
  if (isKnown(payment.refunds, command.refundId)) return reject('operationExists')
  if (payment.authorization === 'pending') return reject('authorizationPending')
  if (payment.authorization === 'declined') return reject('paymentDeclined')

  const left = refundable(payment)
  if (left === 0n) return reject('nothingToRefund')

  const amount = command.amount ?? left
  if (amount > left) return reject('refundExceedsCaptured')

  return accept({
    type: 'PaymentRefundRequested',
    data: { refundId: command.refundId, amount, ...present({ reason: command.reason }), ...common(payment) },
  })
}
