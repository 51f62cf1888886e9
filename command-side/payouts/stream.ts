import { type Dated, payoutStream, type RecordedEvent } from '../../domain/event.ts'
import type { PayoutEvent } from '../../domain/payout/event.ts'
import { evolvePayout } from '../../domain/payout/evolve.ts'
import type { PayoutState } from '../../domain/payout/state.ts'
import type { EventStore } from '../event-store.ts'

/** All events of a payout; none when it is not there. */
export const readPayout = async (store: EventStore, payoutId: string): Promise<readonly RecordedEvent<PayoutEvent>[]> =>
  // A payout's stream holds payout events only: nothing else is ever appended to it.
  (await store.readStream(payoutStream(payoutId))) as readonly RecordedEvent<PayoutEvent>[]

/** The payout after the events, which follow on `state`. */
export const foldPayout = (events: readonly Dated<PayoutEvent>[], state?: PayoutState): PayoutState =>
  events.reduce<PayoutState>(evolvePayout, state)
