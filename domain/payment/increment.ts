import { accept, type Decision, reject } from '../decider.ts'
import { refusedByRules } from '../gateway/rules.ts'
import type { Increment } from './command.ts'
import { common, isKnown } from './common.ts'
import type { PaymentEvent } from './event.ts'
import { isCaptured, isExpired, isRestPending } from './limits.ts'
import type { Payment } from './state.ts'

/** A higher total, as long as nothing of the authorization has been taken or given back. */
export const increment = (command: Increment, payment: Payment): Decision<PaymentEvent> => {
  if (isKnown(payment.increments, command.incrementId)) return reject('operationExists')
  if (payment.authorization === 'pending') return reject('authorizationPending')
  if (payment.authorization === 'declined') return reject('paymentDeclined')
  if (isCaptured(payment)) return reject('paymentCaptured')
  if (payment.voided > 0n) return reject('paymentVoided')
  if (isExpired(payment, command.now)) return reject('paymentExpired')
  if (isRestPending(payment)) return reject('operationPending')
  if (command.amount <= payment.authorized) return reject('incrementNotHigher')
  const refused = refusedByRules(command.rules, payment.currency, command.amount)
  if (refused !== undefined) return reject(refused)

  return accept({
    type: 'PaymentIncrementRequested',
    data: { incrementId: command.incrementId, amount: command.amount, ...common(payment) },
  })
}
