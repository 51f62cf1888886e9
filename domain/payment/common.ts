import type { Operation, Payment } from './state.ts'

/** What every event of a payment repeats. Spread it last: members that follow on a spread cost a microsecond each. */
export const common = (payment: Payment) => ({
  paymentId: payment.id,
  merchantId: payment.merchantId,
  currency: payment.currency,
  gateway: payment.gateway,
})

/** Whether the id was used before, for whatever became of it. */
export const isKnown = (entries: readonly Pick<Operation, 'id'>[], id: string): boolean =>
  entries.some((entry) => entry.id === id)
