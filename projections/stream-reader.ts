import type { StreamId } from '../domain/event.ts'
import type { LogEvent } from './unread.ts'

/** The log as one stream of it is read. */
export type StreamReader = {
  /** What the stream has from revision `from` on, in order; nothing for a stream that is not there. */
  streamFrom(stream: StreamId, from: number): Promise<readonly LogEvent[]>
}
