import type { DomainEvent, EventMetadata, NewEvent, StreamId } from '../domain/event.ts'
import { currentVersion } from '../domain/event-schemas.ts'
import { uuidOf } from './uuid.ts'

/**
 * Dresses decided events for the log. Ids derive from the stream, `commandKey` and the index, so that the log takes a
 * repeated append for the one it was. `commandKey` must be of one call only where a client's command is decided: of two
 * calls with the same Idempotency-Key one has to find the stream changed. What a process does is named by what it is
 * about, so that it can be done twice.
 */
export const newEvents = <E extends DomainEvent>(
  stream: StreamId,
  commandKey: string,
  events: readonly E[],
  metadata: EventMetadata,
  recordedAt: string,
): NewEvent<E>[] => {
  // One digest for all: the index stands in its last four digits.
  const common = uuidOf(stream, commandKey).slice(0, -4)
  return events.map((event, index) => ({
    id: `${common}${index.toString(16).padStart(4, '0')}`,
    version: currentVersion(event.type),
    recordedAt,
    metadata,
    ...event,
  }))
}
