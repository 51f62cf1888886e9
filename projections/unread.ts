import type { RecordedEvent } from '../domain/event.ts'

/**
 * An event as its log has it that this version of the program cannot read, and what is known of it: a newer version may
 * have written it, during an upgrade.
 */
export type Unread = Pick<RecordedEvent, 'stream' | 'revision' | 'log' | 'sequence' | 'id'> & {
  /** Why it cannot be read, without any of its data. */
  readonly unreadable: string
  /** What the log holds. */
  readonly bytes: Uint8Array
  readonly type: string
  /** Absent where the bytes do not tell. */
  readonly recordedAt?: string
  /** Whose stream it is; absent where the bytes do not tell. */
  readonly merchantId?: string
}

/** An event as a log has it, whether it can be read or not. */
export type LogEvent = RecordedEvent | Unread

export const isUnread = (event: LogEvent): event is Unread => 'unreadable' in event
export const isRead = (event: LogEvent): event is RecordedEvent => !isUnread(event)

/** Whose stream an event is in; undefined where that cannot be told. */
export const merchantOf = (event: LogEvent): string | undefined =>
  isUnread(event) ? event.merchantId : event.metadata.merchantId

/** The same events, for those who can do nothing without each of them. Throws where one cannot be read. */
export const allRead = (events: readonly LogEvent[]): readonly RecordedEvent[] => {
  if (events.every(isRead)) return events
  const { stream, sequence, unreadable } = events.find(isUnread) ?? {}
  throw new Error(`event ${sequence} of ${stream}: ${unreadable}`)
}
