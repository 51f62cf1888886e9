import { randomUUID } from 'node:crypto'
import { type EventMetadata, type NewEvent, payoutStream } from '../../domain/event.ts'
import type { PayoutCommand } from '../../domain/payout/command.ts'
import { decidePayout } from '../../domain/payout/decide.ts'
import type { PayoutEvent } from '../../domain/payout/event.ts'
import type { Payout, PayoutState } from '../../domain/payout/state.ts'
import type { Position } from '../../domain/position.ts'
import type { Rejection } from '../../domain/rejection.ts'
import type { EventStore } from '../event-store.ts'
import { newEvents } from '../new-events.ts'
import { foldPayout } from './stream.ts'

/** A payout as of one event, and where in the log that event is. */
export type Recorded = {
  readonly payout: Payout
  readonly event: NewEvent<PayoutEvent>
  readonly position: Position
}

/** What became of a command; `movedOn` when the stream is no longer at the given state. */
export type PayoutChanged =
  | ({ readonly type: 'recorded' } & Recorded)
  | { readonly type: 'rejected'; readonly rejection: Rejection }
  | { readonly type: 'movedOn' }

/** Decides a command on the state that was read of a payout, and appends what happened. */
export const changePayout = async (
  store: EventStore,
  payoutId: string,
  state: PayoutState,
  command: PayoutCommand,
  metadata: EventMetadata,
): Promise<PayoutChanged> => {
  const decision = decidePayout(command, state)
  if (decision.type === 'rejected') return decision

  const stream = payoutStream(payoutId)
  // A name that nobody else can give: of two calls that decide the same, one must find the stream changed.
  const events = newEvents(stream, randomUUID(), decision.events, metadata, command.now)
  const result = await store.append(stream, state?.revision ?? 'none', events)
  if (result.type === 'wrongRevision') return { type: 'movedOn' }

  const payout = foldPayout(events, state)
  const event = events.at(-1)
  if (payout === undefined || event === undefined) throw new Error('Nothing was decided')
  return { type: 'recorded', payout, event, position: result.position }
}
