import type { Dated } from '../../domain/event.ts'
import type { PaymentEvent } from '../../domain/payment/event.ts'
import { evolvePayment } from '../../domain/payment/evolve.ts'
import { type PaymentResource, paymentResource } from '../../domain/payment/resource.ts'
import type { PaymentState } from '../../domain/payment/state.ts'
import type { PayoutResource } from '../../domain/payout/resource.ts'
import { json } from '../../http/json.ts'
import type { SettlementResource } from '../../domain/merchant/settlement.ts'

const paymentId = 'pay_3f2a9c1e0b7d5a648c21f0e9d7b6a513'
const common = { paymentId, merchantId: '1042', currency: 'INR', gateway: 'sandbox' } as const
const at = (second: number): string => `2025-06-01T09:30:0${second}.000Z`

const events: readonly Dated<PaymentEvent>[] = [
  {
    type: 'PaymentAuthorizationRequested',
    recordedAt: at(0),
    data: {
      ...common,
      amount: 12_500n,
      method: { type: 'upi', vpa: 'asha@okbank' },
      capture: 'automatic',
      captureId: 'cap_9d1f6a2c4e8b50738f0a1b2c3d4e5f60',
      expiresAt: '2025-06-08T09:30:00.000Z',
      customerId: 'cus_1',
      reference: 'order 1',
      metadata: { cart: '7' },
    },
  },
  { type: 'PaymentAuthorized', recordedAt: at(0), data: { ...common, amount: 12_500n } },
  {
    type: 'PaymentCaptured',
    recordedAt: at(0),
    data: { ...common, captureId: 'cap_9d1f6a2c4e8b50738f0a1b2c3d4e5f60', amount: 12_500n, released: 0n, fee: 250n },
  },
  {
    type: 'PaymentRefundRequested',
    recordedAt: at(5),
    data: { ...common, refundId: 're_5b7c2d9e1f3a4860b2c4d6e8f0a1c3e5', amount: 500n, reason: 'one item was missing' },
  },
  {
    type: 'PaymentRefunded',
    recordedAt: at(5),
    data: { ...common, refundId: 're_5b7c2d9e1f3a4860b2c4d6e8f0a1c3e5', amount: 500n },
  },
]

const after = (count: number): PaymentResource => {
  const payment = events.slice(0, count).reduce<PaymentState>(evolvePayment, undefined)
  if (payment === undefined) throw new Error('There is no payment before its first event')
  return paymentResource(payment)
}

/** The payment that the document tells of: asked for, captured at once, then refunded in part. */
export const pendingPayment = after(1)
export const capturedPayment = after(3)
export const refundedPayment = after(5)

/** The event that captured it, as the log has it. */
export const capturedEvent = {
  id: '1c9e4b7a-52d3-5f08-9a6e-7b8c9d0e1f2a',
  type: 'PaymentCaptured',
  revision: 2,
  position: '48213',
  recordedAt: at(0),
  data: JSON.parse(json(events[2]?.data)) as unknown,
}

export const payout: PayoutResource = {
  id: 'po_7e4d1a8b9c2f5063a1b4c7d0e3f6a9b2',
  merchantId: '1042',
  status: 'sent',
  amount: 8_000,
  currency: 'INR',
  destination: { type: 'bankAccount', token: 'ba_tok_71', bank: 'HDFC', last4: '6789' },
  reference: 'week 22',
  metadata: {},
  createdAt: at(8),
  updatedAt: at(8),
  revision: 1,
}

export const settlement: SettlementResource = {
  id: 'st_2b6c8d4e0f1a5372b9c1d3e5f7a8b0c2',
  merchantId: '1042',
  currency: 'INR',
  gross: 12_500,
  refunds: 500,
  disputes: 0,
  fees: 250,
  net: 11_750,
  payments: 1,
  createdAt: at(7),
}
