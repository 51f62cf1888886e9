import { randomUUID } from 'node:crypto'
import { type EventMetadata, merchantStream, type NewEvent } from '../../domain/event.ts'
import type { MerchantCommand } from '../../domain/merchant/command.ts'
import { decideMerchant } from '../../domain/merchant/decide.ts'
import type { MerchantEvent } from '../../domain/merchant/event.ts'
import { evolveMerchant } from '../../domain/merchant/evolve.ts'
import type { Merchant } from '../../domain/merchant/state.ts'
import type { Rejection } from '../../domain/rejection.ts'
import { newEvents } from '../new-events.ts'

/** A command on a merchant, and what the log is told of who gave it. */
export type MerchantChange = {
  readonly command: MerchantCommand
  readonly metadata: Omit<EventMetadata, 'merchantId'>
}

/** The merchant after a change, and the events that made it so. */
export type Accepted = {
  readonly type: 'accepted'
  readonly merchant: Merchant
  readonly events: readonly NewEvent<MerchantEvent>[]
}
/** Why a change made nothing happen. */
export type Rejected = { readonly type: 'rejected'; readonly rejection: Rejection }

/** Decides each change on what the ones before it have left. `events` are those of all, in order; `after` is what they leave. */
export const decideInOrder = (merchantId: string, merchant: Merchant, changes: readonly MerchantChange[]) => {
  let state = merchant
  const decided = changes.map(({ command, metadata }): Accepted | Rejected => {
    const decision = decideMerchant(command, state)
    if (decision.type === 'rejected') return decision
    // A name that nobody else can give: of two calls that decide the same, one must find the stream changed.
    const name = randomUUID()
    const events = newEvents(
      merchantStream(merchantId),
      name,
      decision.events,
      { merchantId, ...metadata },
      command.now,
    )
    state = events.reduce(evolveMerchant, state)
    return { type: 'accepted', merchant: state, events }
  })
  return { decided, events: decided.flatMap((one) => (one.type === 'accepted' ? one.events : [])), after: state }
}
