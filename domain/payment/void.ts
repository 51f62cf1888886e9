import { accept, type Decision, reject } from '../decider.ts'
import type { Void } from './command.ts'
import { common, isKnown } from './common.ts'
import type { PaymentEvent } from './event.ts'
import { capturable, isRestPending, isVoided } from './limits.ts'
import type { Payment } from './state.ts'

/** Gives back all that is neither captured nor being captured. Possible after `expiresAt` too, until expiry is recorded. */
export const voidPayment = (command: Void, payment: Payment): Decision<PaymentEvent> => {
  if (isKnown(payment.voids, command.voidId)) return reject('operationExists')
  if (payment.authorization === 'pending') return reject('authorizationPending')
  if (payment.authorization === 'declined') return reject('paymentDeclined')
  if (isVoided(payment)) return reject('paymentVoided')
  if (payment.expired > 0n) return reject('paymentExpired')
  if (isRestPending(payment)) return reject('operationPending')

  const amount = capturable(payment)
  if (amount === 0n) return reject('nothingToVoid')

  return accept({ type: 'PaymentVoidRequested', data: { voidId: command.voidId, amount, ...common(payment) } })
}
