import type { RecordedEvent } from '../../domain/event.ts'
import type { PaymentEvent } from '../../domain/payment/event.ts'
import { unresolvedOperations } from '../../domain/payment/unresolved.ts'
import { positionOf } from '../../domain/position.ts'
import type { Answer } from '../answer.ts'
import { keyInFlight, refuseReuse, type Sent } from '../idempotency.ts'
import { answerOf } from './answer-of.ts'
import type { PaymentCall } from './call.ts'
import { operationOf } from './operation.ts'
import { foldPayment } from './stream.ts'

type Events = readonly RecordedEvent<PaymentEvent>[]

/**
 * The answer that a call with this key got before; undefined when there was none. Throws 422 `idempotencyKeyReused`
 * where it was another call, and 409 `idempotencyKeyInFlight` where the first has recorded its intent, nobody an
 * outcome, and it may still do so (`mayRecord`).
 */
export const replayOf = (
  events: Events,
  { key, ...sent }: Pick<PaymentCall, 'key' | keyof Sent>,
  mayRecord: (intent: RecordedEvent) => boolean,
): Answer | undefined => {
  if (key === undefined) return undefined
  const last = events.findLastIndex(({ metadata }) => metadata.key === key)
  const event = events[last]
  if (event === undefined) return undefined

  refuseReuse(
    events.filter(({ metadata }) => metadata.key === key),
    sent,
  )
  if (mayRecord(event) && isOpen(events, event)) throw keyInFlight()

  const payment = foldPayment(events.slice(0, last + 1))
  return payment && answerOf({ payment, event, position: positionOf(event) }, true)
}

const isOpen = (events: Events, intent: PaymentEvent): boolean => {
  const payment = foldPayment(events)
  if (payment === undefined) return false
  const reference = operationOf(intent, payment)?.reference
  return unresolvedOperations(payment).some(({ operationId }) => operationId === reference)
}
