import type { Payment } from './state.ts'
import { uncaptured } from './unresolved.ts'

export const paymentStatuses = [
  'pending',
  'authorized',
  'partiallyCaptured',
  'captured',
  'voided',
  'expired',
  'declined',
  'partiallyRefunded',
  'refunded',
  'disputed',
] as const
export type PaymentStatus = (typeof paymentStatuses)[number]

/** Where a payment stands: the first that fits. What is pending doesn't count before it has succeeded. */
export const paymentStatus = (payment: Payment): PaymentStatus => {
  if (payment.authorization === 'pending') return 'pending'
  if (payment.authorization === 'declined') return 'declined'
  if (payment.disputed > 0n) return 'disputed'
  if (payment.refunded > 0n) return payment.refunded === payment.captured ? 'refunded' : 'partiallyRefunded'
  if (payment.captured > 0n) return uncaptured(payment) > 0n ? 'partiallyCaptured' : 'captured'
  if (uncaptured(payment) > 0n) return 'authorized'
  return payment.expired > 0n ? 'expired' : 'voided'
}
