import type { RecordedEvent, StreamId } from '../domain/event.ts'
import type { Position } from '../domain/position.ts'

/** The log, read only: for the events of one transaction, and for how far behind the read models are. */
export type History = {
  /** The events from revision `from`, in order, at most `limit`; none for a stream that is not there. */
  readStream(stream: StreamId, from?: number, limit?: number): Promise<readonly RecordedEvent[]>
  /** How far a reader at `position` is behind: in events, and by the age of the oldest that it has not seen. */
  lag(position: Position): Promise<{ readonly events: number; readonly seconds: number }>
  /** The position of the last event. */
  head(): Promise<Position>
}
