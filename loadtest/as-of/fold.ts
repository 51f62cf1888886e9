import type { RecordedEvent } from '../../domain/event.ts'
import { isPaymentEvent } from '../../domain/event-types.ts'
import { evolvePayment } from '../../domain/payment/evolve.ts'
import { paymentResource } from '../../domain/payment/resource.ts'
import type { PaymentState } from '../../domain/payment/state.ts'
import { postings } from '../../domain/postings.ts'
import type { Question } from './questions.ts'

/** What was, by one event after another: of the payments and merchants that are asked about, and of no others. */
export type Fold = {
  see(event: RecordedEvent): void
  /** What a question is to be answered with: a payment, or its merchant's pending balance; undefined for none. */
  answer(question: Question): unknown
}

export const foldFor = (questions: readonly Question[]): Fold => {
  const payments = new Map<string, PaymentState>()
  const pending = new Map<string, bigint>()
  for (const question of questions)
    if (question.kind === 'payment') payments.set(question.stream, undefined)
    else pending.set(question.merchantId, 0n)
  return {
    see: (event) => {
      if (isPaymentEvent(event) && payments.has(event.stream))
        payments.set(event.stream, evolvePayment(payments.get(event.stream), event))
      for (const { account, layer, merchantId, amount } of postings(event)) {
        const before = pending.get(merchantId)
        if (before !== undefined && layer === 'posted' && account === 'merchantPending')
          pending.set(merchantId, before - amount)
      }
    },
    answer: (question) => {
      if (question.kind === 'balance') return Number(pending.get(question.merchantId) ?? 0n)
      const payment = payments.get(question.stream)
      return payment && JSON.parse(JSON.stringify(paymentResource(payment)))
    },
  }
}
