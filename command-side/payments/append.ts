import { type EventMetadata, paymentStream } from '../../domain/event.ts'
import type { PaymentEvent } from '../../domain/payment/event.ts'
import type { PaymentState } from '../../domain/payment/state.ts'
import type { EventStore } from '../event-store.ts'
import { newEvents } from '../new-events.ts'
import type { Recorded } from './answer-of.ts'
import { foldPayment } from './stream.ts'

/** Who appends, and by what name the log knows a repetition of just this append. */
export type Signature = { readonly commandKey: string; readonly metadata: EventMetadata }

/** Appends what was decided on `state`; undefined when the payment has moved on since. */
export const appendToPayment = async (
  store: EventStore,
  paymentId: string,
  state: PaymentState,
  decided: readonly PaymentEvent[],
  { commandKey, metadata }: Signature,
  now: string,
): Promise<Recorded | undefined> => {
  const stream = paymentStream(paymentId)
  const events = newEvents(stream, commandKey, decided, metadata, now)
  const result = await store.append(stream, state?.revision ?? 'none', events)
  if (result.type === 'wrongRevision') return undefined

  const payment = foldPayment(events, state)
  const event = events.at(-1)
  if (payment === undefined || event === undefined) throw new Error('Nothing was decided')
  return { payment, event, position: result.position }
}
