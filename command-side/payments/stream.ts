import { type Dated, type RecordedEvent, paymentStream } from '../../domain/event.ts'
import { evolvePayment } from '../../domain/payment/evolve.ts'
import type { PaymentEvent } from '../../domain/payment/event.ts'
import type { PaymentState } from '../../domain/payment/state.ts'
import type { EventStore } from '../event-store.ts'

/** All events of a payment; none when it is not there. */
export const readPayment = async (
  store: EventStore,
  paymentId: string,
): Promise<readonly RecordedEvent<PaymentEvent>[]> =>
  // A payment's stream holds payment events only: nothing else is ever appended to it.
  (await store.readStream(paymentStream(paymentId))) as readonly RecordedEvent<PaymentEvent>[]

/** The payment after the events, which follow on `state`. */
export const foldPayment = (events: readonly Dated<PaymentEvent>[], state?: PaymentState): PaymentState =>
  events.reduce<PaymentState>(evolvePayment, state)
