import type { Dated } from '../../domain/event.ts'
import type { PaymentEvent } from '../../domain/payment/event.ts'
import { evolvePayment } from '../../domain/payment/evolve.ts'
import { paymentResource } from '../../domain/payment/resource.ts'
import type { PaymentState } from '../../domain/payment/state.ts'

/** An event of a payment's stream. */
export type StreamEvent = Dated<PaymentEvent> & { readonly revision: number }

const operationNames = ['captureId', 'refundId', 'voidId', 'incrementId', 'disputeId'] as const

/** What happened, and to which operation; no payment has the same twice. */
const occurrence = ({ type, data }: StreamEvent): string => {
  const about = operationNames.map((name) => (name in data ? data[name as keyof typeof data] : undefined))
  return `${type} ${about.find((id) => id !== undefined) ?? ''}`
}

/** What is wrong between a payment's stream and what its read model shows, as the JSON of its resource. */
export const faultsOf = (id: string, events: readonly StreamEvent[], shown: string): string[] => {
  const faults: string[] = []
  if (events.some(({ revision }, place) => revision !== place)) faults.push(`${id} has holes in its stream`)
  const names = events.map(occurrence)
  for (const [place, name] of names.entries()) {
    if (names.indexOf(name) < place) faults.push(`${id} has ${name} twice`)
  }
  let state: PaymentState
  for (const event of events) state = evolvePayment(state, event)
  const folded = state ? JSON.stringify(paymentResource(state)) : 'nothing'
  if (folded !== shown) faults.push(`${id}: the read model differs from the fold of its stream`)
  return faults
}
