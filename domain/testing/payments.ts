import type { Dated } from '../event.ts'
import { anyPayment } from '../gateway/rules.ts'
import type { Authorize } from '../payment/command.ts'
import type { PaymentEvent } from '../payment/event.ts'
import { evolvePayment } from '../payment/evolve.ts'
import type { Payment, PaymentState } from '../payment/state.ts'

export const paymentId = 'pay_00000000000000000000000000000001'
const common = { paymentId, merchantId: '1042', currency: 'INR', gateway: 'sandbox' } as const

type DataOf<Type extends PaymentEvent['type']> = Omit<
  Extract<PaymentEvent, { type: Type }>['data'],
  keyof typeof common
>

/** An event of the payment all examples are about. */
export const paymentEvent = <Type extends PaymentEvent['type']>(type: Type, data: DataOf<Type>): PaymentEvent =>
  ({ type, data: { ...common, ...data } }) as unknown as PaymentEvent

/** The examples begin at midnight; an authorization lapses a week later. */
export const secondsLater = (seconds: number): string => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString()
export const expiresAt = secondsLater(7 * 24 * 3600)

/** One event a second. */
export const dated = <E extends PaymentEvent>(events: readonly E[]): Dated<E>[] =>
  events.map((event, index) => ({ ...event, recordedAt: secondsLater(index) }))

export const foldPayment = (events: readonly PaymentEvent[]): PaymentState =>
  dated(events).reduce<PaymentState>(evolvePayment, undefined)

/** The payment after at least one event. */
export const paymentAfter = (...events: readonly PaymentEvent[]): Payment => {
  const payment = foldPayment(events)
  if (payment === undefined) throw new Error('no events')
  return payment
}

export const authorizeCommand: Authorize = {
  type: 'authorize',
  now: secondsLater(0),
  paymentId,
  captureId: 'cap_auto',
  merchantId: '1042',
  amount: 100n,
  currency: 'INR',
  method: { type: 'upi', vpa: 'asha@okbank' },
  capture: 'manual',
  gateway: 'sandbox',
  rules: anyPayment,
  expiresAt,
}

const method = { type: 'upi', vpa: 'asha@okbank' } as const

/** Of 100, to be captured by hand. */
export const requested = paymentEvent('PaymentAuthorizationRequested', {
  amount: 100n,
  method,
  capture: 'manual',
  expiresAt,
})
export const requestedAutomatic = paymentEvent('PaymentAuthorizationRequested', {
  amount: 100n,
  method,
  capture: 'automatic',
  captureId: 'cap_auto',
  expiresAt,
})
export const authorized = paymentEvent('PaymentAuthorized', { amount: 100n })
export const declined = paymentEvent('PaymentDeclined', { code: 'insufficientFunds', message: 'Not enough money' })
const no = { code: 'refused', message: 'The gateway said no' } as const

export const capturing = (captureId: string, amount: bigint, final = false) =>
  paymentEvent('PaymentCaptureRequested', { captureId, amount, final })
export const captured = (captureId: string, amount: bigint, released = 0n, fee = 0n) =>
  paymentEvent('PaymentCaptured', { captureId, amount, released, fee })
export const captureFailed = (captureId: string) => paymentEvent('PaymentCaptureFailed', { captureId, ...no })

export const incrementing = (incrementId: string, amount: bigint) =>
  paymentEvent('PaymentIncrementRequested', { incrementId, amount })
export const incremented = (incrementId: string, amount: bigint, added: bigint) =>
  paymentEvent('PaymentIncremented', { incrementId, amount, added })
export const incrementFailed = (incrementId: string) => paymentEvent('PaymentIncrementFailed', { incrementId, ...no })

export const voiding = (voidId: string, amount: bigint) => paymentEvent('PaymentVoidRequested', { voidId, amount })
export const voided = (voidId: string, amount: bigint) => paymentEvent('PaymentVoided', { voidId, amount })
export const voidFailed = (voidId: string) => paymentEvent('PaymentVoidFailed', { voidId, ...no })

export const refunding = (refundId: string, amount: bigint) =>
  paymentEvent('PaymentRefundRequested', { refundId, amount })
export const refunded = (refundId: string, amount: bigint) => paymentEvent('PaymentRefunded', { refundId, amount })
export const refundFailed = (refundId: string) => paymentEvent('PaymentRefundFailed', { refundId, ...no })

export const expired = (amount: bigint) => paymentEvent('PaymentExpired', { amount })

export const disputeOpened = (disputeId: string, amount: bigint) =>
  paymentEvent('PaymentDisputeOpened', { disputeId, amount, reason: 'fraud' })
export const disputeWon = (disputeId: string, amount: bigint) =>
  paymentEvent('PaymentDisputeWon', { disputeId, amount })
export const disputeLost = (disputeId: string, amount: bigint) =>
  paymentEvent('PaymentDisputeLost', { disputeId, amount })
