import { randomBytes, randomUUID } from 'node:crypto'
import { type NewEvent, paymentStream, type StreamId } from '../../domain/event.ts'

/** A stream that no other test knows of: a store may hold anything else beside. */
export const someStream = (): StreamId => paymentStream(`pay_${randomBytes(16).toString('hex')}`)

/** An event with an id of its own that nothing else has. */
export const someEvent = (reason = 'changed mind', amount = 500n): NewEvent => ({
  id: randomUUID(),
  type: 'PaymentRefundRequested',
  version: 1,
  recordedAt: '2025-01-01T00:00:00.000Z',
  data: {
    paymentId: 'pay_1',
    merchantId: '1042',
    currency: 'INR',
    gateway: 'sandbox',
    refundId: 're_1',
    amount,
    reason,
  },
  metadata: { merchantId: '1042', key: 'refund-1' },
})

export const someEvents = (count: number): NewEvent[] => Array.from({ length: count }, () => someEvent())

/** The ids of events, which is all that most tests compare. */
export const idsOf = (events: readonly { readonly id: string }[]): string[] => events.map(({ id }) => id)
