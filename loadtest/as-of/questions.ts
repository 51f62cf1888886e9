import type { StreamId } from '../../domain/event.ts'
import { automaticPayment } from '../automatic-payments.ts'
import type { Random } from '../random.ts'
import { merchants, paymentsIn } from '../rebuild/generate.ts'

/** What is asked about the past: how a payment or a merchant's balance was at a position of the log. */
export type Question = { readonly position: number; readonly path: string } & (
  | { readonly kind: 'payment'; readonly stream: StreamId }
  | { readonly kind: 'balance'; readonly merchantId: string }
)

/** Random questions about a generated history, in the order of their positions: half about payments, half about balances. */
export const questionsAbout = (events: number, count: number, random: Random): readonly Question[] => {
  const below = (limit: number): number => Math.floor(random() * limit)
  const payments = paymentsIn(events)
  return Array.from({ length: count }, (_, index): Question => {
    const position = 1 + below(events)
    const { stream, events: those } = automaticPayment(below(payments), merchants, 0)
    if (index % 2 === 0)
      return { kind: 'payment', position, stream, path: `/v1/payments/${stream.slice('payment-'.length)}?` }
    const merchantId = those[0]?.metadata.merchantId ?? ''
    return { kind: 'balance', position, merchantId, path: `/v1/balances?merchantId=${merchantId}&` }
  }).toSorted((one, other) => one.position - other.position)
}
