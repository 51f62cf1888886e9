import { createHash } from 'node:crypto'
import type { DomainEvent } from '../../domain/event.ts'
import type { PaymentEvent } from '../../domain/payment/event.ts'
import type { Method } from '../../domain/payment/method.ts'

/** An id made of a name. */
export const idOf = (prefix: string, name: string): string =>
  `${prefix}_${createHash('sha256').update(name).digest('hex').slice(0, 32)}`

export type Sale = {
  readonly name: string
  readonly merchantId: string
  readonly amount: bigint
  readonly currency?: string
  readonly gateway?: string
  readonly method?: Method
  readonly customerId?: string
  readonly fee?: bigint
}

const upi: Method = { type: 'upi', vpa: 'asha@okbank' }

const of = ({ name, merchantId, currency = 'INR', gateway = 'sandbox' }: Sale) => ({
  paymentId: idOf('pay', name),
  merchantId,
  currency,
  gateway,
})

const requested = (sale: Sale): PaymentEvent => ({
  type: 'PaymentAuthorizationRequested',
  data: {
    ...of(sale),
    amount: sale.amount,
    method: sale.method ?? upi,
    capture: 'automatic',
    captureId: idOf('cap', sale.name),
    expiresAt: '2030-01-01T00:00:00.000Z',
    ...(sale.customerId === undefined ? {} : { customerId: sale.customerId }),
  },
})

/** A payment that is authorized and captured. */
export const sold = (sale: Sale): PaymentEvent[] => [
  requested(sale),
  { type: 'PaymentAuthorized', data: { ...of(sale), amount: sale.amount } },
  {
    type: 'PaymentCaptured',
    data: {
      ...of(sale),
      captureId: idOf('cap', sale.name),
      amount: sale.amount,
      released: 0n,
      fee: sale.fee ?? 0n,
    },
  },
]

/** A payment that the gateway declines. */
export const declined = (sale: Sale): PaymentEvent[] => [
  requested(sale),
  { type: 'PaymentDeclined', data: { ...of(sale), code: 'insufficientFunds', message: 'Not enough money' } },
]

/** What happens to it after it was captured. */
export const refunded = (sale: Sale, amount: bigint): PaymentEvent[] => {
  const refundId = idOf('re', sale.name)
  return [
    { type: 'PaymentRefundRequested', data: { ...of(sale), refundId, amount } },
    { type: 'PaymentRefunded', data: { ...of(sale), refundId, amount } },
  ]
}

export const disputed = (sale: Sale, amount: bigint): PaymentEvent[] => [
  {
    type: 'PaymentDisputeOpened',
    data: { ...of(sale), disputeId: idOf('dp', sale.name), amount, reason: 'not received' },
  },
]

export const settled = (
  name: string,
  merchantId: string,
  sums: Readonly<Record<'gross' | 'refunds' | 'disputes' | 'fees' | 'net', bigint>>,
  from: string,
  to: string,
): DomainEvent => ({
  type: 'SettlementRecorded',
  data: { settlementId: idOf('st', name), merchantId, currency: 'INR', payments: 1, from, to, ...sums },
})

/** The two streams of a payout that was sent. */
export const payout = (name: string, merchantId: string, amount: bigint) => {
  const order = { destination: { type: 'upi', vpa: 'shop@okbank' }, reference: name } as const
  const common = { payoutId: idOf('po', name), merchantId, amount, currency: 'INR' }
  return {
    reserved: { type: 'PayoutReserved', data: { ...common, ...order } } as DomainEvent,
    sent: [
      { type: 'PayoutRequested', data: { ...common, ...order, bank: 'sandbox' } },
      { type: 'PayoutSent', data: common },
    ] as readonly DomainEvent[],
  }
}
