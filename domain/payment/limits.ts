import type { Amount } from '../money.ts'
import type { Operation, Payment } from './state.ts'
import { uncaptured } from './unresolved.ts'

const isPending = (operation: Operation): boolean => operation.status === 'pending'

const pendingAmount = (operations: readonly Operation[]): Amount =>
  operations.filter(isPending).reduce((sum, operation) => sum + operation.amount, 0n)

/** What another capture could take or a void could release: pending captures and voids have their part already. */
export const capturable = (payment: Payment): Amount =>
  uncaptured(payment) - pendingAmount(payment.captures) - pendingAmount(payment.voids)

/** What another refund could give back; 0 where a dispute came after refunds and took more than was left. */
export const refundable = (payment: Payment): Amount => {
  const left = payment.captured - payment.refunded - pendingAmount(payment.refunds) - payment.disputed
  return left > 0n ? left : 0n
}

/** What another dispute could be about. Refunds don't count: a bank may dispute what was already given back. */
export const disputable = (payment: Payment): Amount => payment.captured - payment.disputed

/** Nothing was taken and all was given back by voids. */
export const isVoided = (payment: Payment): boolean =>
  payment.captured === 0n && payment.expired === 0n && uncaptured(payment) === 0n

/** What was left has lapsed, whether or not that is recorded yet. */
export const isExpired = (payment: Payment, now: string): boolean =>
  payment.expired > 0n || (uncaptured(payment) > 0n && now >= payment.expiresAt)

/** A capture was made, or may turn out to have been made. */
export const isCaptured = (payment: Payment): boolean => payment.captured > 0n || payment.captures.some(isPending)

/** The gateway may be changing how much is held beyond one capture's own amount: a void, an increment, a final capture. */
export const isRestPending = (payment: Payment): boolean =>
  payment.voids.some(isPending) ||
  payment.increments.some(isPending) ||
  payment.captures.some((capture) => isPending(capture) && capture.final === true)

/** Anything at all about the authorization is without an outcome. Refunds are not about it. */
export const isHoldPending = (payment: Payment): boolean => isRestPending(payment) || payment.captures.some(isPending)
