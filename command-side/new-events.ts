import type { DomainEvent, EventMetadata, NewEvent, StreamId } from '../domain/event.ts'
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
): NewEvent<E>[] =>
  events.map((event, index) => ({
    ...event,
    id: uuidOf(stream, commandKey, String(index)),
    version: 1,
    recordedAt,
    metadata,
  }))
