import type { NewEvent } from '../domain/event.ts'
import { paymentStream } from '../domain/event.ts'
import type { PaymentEvent } from '../domain/payment/event.ts'
import { uuidOf } from '../command-side/uuid.ts'

/** The events of one payment that was authorized and captured at once. */
export type PaymentHistory = { readonly stream: string; readonly events: readonly NewEvent<PaymentEvent>[] }

/** The payment with this number, one of so many merchants'; a second holds a thousand payments. */
export const automaticPayment = (number: number, merchants: number, beginMs: number): PaymentHistory => {
  const merchantId = String(1_000 + (number % merchants))
  const hex = uuidOf('loadtest', merchantId, String(number)).replaceAll('-', '')
  const paymentId = `pay_${hex}`
  const captureId = `cap_${hex}`
  const amount = BigInt(100 + (number % 50_000))
  const common = { paymentId, merchantId, currency: 'INR', gateway: 'sandbox' }
  const recordedAt = new Date(beginMs + number).toISOString()
  const events: readonly PaymentEvent[] = [
    {
      type: 'PaymentAuthorizationRequested',
      data: {
        ...common,
        amount,
        method: { type: 'upi', vpa: `customer${number % 1_000}@okbank` },
        capture: 'automatic',
        captureId,
        expiresAt: new Date(beginMs + number + 604_800_000).toISOString(),
        customerId: `cus_${number % 1_000}`,
        reference: `order ${number}`,
        metadata: { cart: String(number % 100) },
      },
    },
    { type: 'PaymentAuthorized', data: { ...common, amount, gatewayReference: `gw_${hex}` } },
    { type: 'PaymentCaptured', data: { ...common, captureId, amount, released: 0n, fee: 2n + amount / 50n } },
  ]
  return {
    stream: paymentStream(paymentId),
    events: events.map((event, index) => ({
      ...event,
      id: uuidOf(paymentId, String(index)),
      version: 1,
      recordedAt,
      metadata: { merchantId, key: `order-${number}` },
    })),
  }
}
