import type { RecordedEvent } from '../domain/event.ts'
import { isEventType } from '../domain/event-types.ts'

/** Throws where an event is of a type that nobody knows: what it does to the books cannot be said. */
export const assertKnown = (events: readonly RecordedEvent[]): void => {
  const unknown = events.find(({ type }) => !isEventType(type))
  if (unknown !== undefined) throw new Error(`${unknown.type} is no known event`)
}
