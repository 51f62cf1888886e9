import { accept, type Decision, reject } from '../decider.ts'
import type { Expire } from './command.ts'
import { common } from './common.ts'
import type { PaymentEvent } from './event.ts'
import { isHoldPending, isVoided } from './limits.ts'
import type { Payment } from './state.ts'
import { uncaptured } from './unresolved.ts'

/** The cause in the metadata of what the scheduler records; an operator's expiry has none and may come early. */
export const expiryCause = 'expiry'

/** Records that what was not captured has lapsed. No gateway is asked: it is the payer's bank that lets go. */
export const expire = (command: Expire, payment: Payment): Decision<PaymentEvent> => {
  if (payment.authorization === 'pending') return reject('authorizationPending')
  if (payment.authorization === 'declined') return reject('paymentDeclined')
  if (isVoided(payment)) return reject('paymentVoided')
  if (payment.expired > 0n) return reject('paymentExpired')
  if (isHoldPending(payment)) return reject('operationPending')

  const amount = uncaptured(payment)
  if (amount === 0n) return reject('nothingToExpire')
  if (!command.forced && command.now < payment.expiresAt) return reject('notYetExpired')

  return accept({ type: 'PaymentExpired', data: { amount, ...common(payment) } })
}
