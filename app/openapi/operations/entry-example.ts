import * as examples from '../examples.ts'

/** The entry that a capture makes for its merchant. */
export const entryExample = {
  position: '48213',
  eventId: examples.capturedEvent.id,
  transactionId: examples.capturedPayment.id,
  account: 'merchantPending',
  merchantId: '1042',
  currency: 'INR',
  layer: 'posted',
  amount: -12_500,
  recordedAt: examples.capturedEvent.recordedAt,
}
