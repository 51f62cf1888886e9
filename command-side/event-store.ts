import type { NewEvent, RecordedEvent, StreamId } from '../domain/event.ts'
import type { Position } from '../domain/position.ts'

/** The revision of a stream's last event; 'none' where the stream must not exist yet. */
export type ExpectedRevision = number | 'none'

export type AppendResult =
  | { readonly type: 'appended'; readonly revision: number; readonly position: Position }
  | { readonly type: 'wrongRevision'; readonly actual: ExpectedRevision }

/**
 * The log of everything. An append is durable before it is answered, all of it or nothing; the same event ids at the
 * same expected revision again give the first answer and write nothing, however far the stream has come since (ids are
 * compared, data is not). A wrong revision is a value; a promise is rejected only where the outcome is unknown or the
 * log cannot be used (`EventStoreBusy`: its queue is full; `EventStoreUnavailable`: it is away), and for an append that makes no sense (no events, a
 * negative revision, a stream without a name).
 */
export type EventStore = {
  append(stream: StreamId, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult>
  /** The events from revision `from` (0 when absent), in order, at most `limit`; none for a stream that is not there. */
  readStream(stream: StreamId, from?: number, limit?: number): Promise<readonly RecordedEvent[]>
  /** The revision of the stream's last event. */
  streamRevision(stream: StreamId): Promise<ExpectedRevision>
  /** The position of the last event in the log. */
  head(): Promise<Position>
}

/** The store takes no more for now; nothing was written. */
export class EventStoreBusy extends Error {
  override name = 'EventStoreBusy'
}
