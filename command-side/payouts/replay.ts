import type { RecordedEvent } from '../../domain/event.ts'
import type { PayoutEvent } from '../../domain/payout/event.ts'
import { positionOf } from '../../domain/position.ts'
import { keyInFlight, refuseReuse } from '../idempotency.ts'
import type { OpenCalls } from '../open-calls.ts'
import type { Repeatable } from './call.ts'
import type { Recorded } from './change-payout.ts'
import { foldPayout } from './stream.ts'

/**
 * The payout as of the last event of the first call with this key; undefined when there was none. Throws 422
 * `idempotencyKeyReused` where it was another call, and 409 `idempotencyKeyInFlight` while the first is still open and
 * nobody has recorded what the bank said.
 */
export const recordedBefore = (
  events: readonly RecordedEvent<PayoutEvent>[],
  call: Repeatable,
  isOpen: OpenCalls['isOpen'],
): Recorded | undefined => {
  const last = events.findLastIndex(({ metadata }) => metadata.key === call.key)
  const event = events[last]
  if (event === undefined) return undefined
  refuseReuse(
    events.filter(({ metadata }) => metadata.key === call.key),
    call,
  )
  // A request that the resolver went on with has no call that could still answer.
  const waiting = event.type === 'PayoutRequested' && events.length === 1 && event.metadata.cause === undefined
  if (waiting && isOpen(event)) throw keyInFlight()

  const payout = foldPayout(events.slice(0, last + 1))
  return payout && { payout, event, position: positionOf(event) }
}
