import type { Position } from '../domain/position.ts'
import type { LogEvent } from './unread.ts'

/** Events in the order of their log, and the position up to which a reader has seen everything once it has them. */
export type LogBatch = { readonly events: readonly LogEvent[]; readonly position: Position }

/** The log as it is read: at least once, in order per stream, from any position on. */
export type LogReader = {
  /** What comes after `from`, at most `limit` events; an empty batch at the head. */
  readAll(from: Position, limit: number): Promise<LogBatch>
  /** The same without end: waits at the head for more, ends when `signal` is aborted. */
  subscribe(from: Position, signal: AbortSignal): AsyncIterable<LogBatch>
  head(): Promise<Position>
}
