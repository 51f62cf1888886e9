import type { RecordedEvent, StreamId } from '../domain/event.ts'
import type { Position } from '../domain/position.ts'

/** An event of a log as far as it is known to all who have it; `recordedAt` is absent where it cannot be read. */
export type Placed = { readonly sequence: number; readonly recordedAt?: string }

/** The log, read only: for the events of one transaction, for what was, and for how far behind the read models are. */
export type History = {
  /** The events from revision `from`, in order, at most `limit`; none for a stream that is not there. */
  readStream(stream: StreamId, from?: number, limit?: number): Promise<readonly RecordedEvent[]>
  /** The events of one log after a sequence that one of its events has, or after 0; in order, at most `limit`. */
  readLog(log: number, after: number, limit: number): Promise<readonly Placed[]>
  /** How far a reader at `position` is behind: in events, and by the age of the oldest that it has not seen. */
  lag(position: Position): Promise<{ readonly events: number; readonly seconds: number }>
  /** The position of the last event. */
  head(): Promise<Position>
}
