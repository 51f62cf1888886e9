import { accept, type Decision, reject } from '../decider.ts'
import type { Capture } from './command.ts'
import { common, isKnown } from './common.ts'
import type { PaymentEvent } from './event.ts'
import { capturable, isExpired, isHoldPending, isRestPending, isVoided } from './limits.ts'
import type { Payment } from './state.ts'

/**
 * Several captures may be under way at once, each with its own part. A final one stands alone, because what it
 * releases is known only when all others have ended.
 */
export const capture = (command: Capture, payment: Payment): Decision<PaymentEvent> => {
  if (isKnown(payment.captures, command.captureId)) return reject('operationExists')
  if (payment.authorization === 'pending') return reject('authorizationPending')
  if (payment.authorization === 'declined') return reject('paymentDeclined')
  if (isVoided(payment)) return reject('paymentVoided')
  if (isExpired(payment, command.now)) return reject('paymentExpired')
  if (command.final ? isHoldPending(payment) : isRestPending(payment)) return reject('operationPending')

  const left = capturable(payment)
  if (left === 0n) return reject('nothingToCapture')

  const amount = command.amount ?? left
  if (amount > left) return reject('captureExceedsAuthorized')

  return accept({
    type: 'PaymentCaptureRequested',
    data: { captureId: command.captureId, amount, final: command.final, ...common(payment) },
  })
}
