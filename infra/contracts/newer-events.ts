import type { NewEvent, RecordedEvent } from '../../domain/event.ts'
import type { LogEvent } from '../../projections/unread.ts'
import { toText } from '../codec/event-codec.ts'
import { logEvent } from '../codec/log-event.ts'

/** The text that a newer program writes: of a version of the event's type that is not known yet. */
export const newerText = (event: NewEvent): string => toText({ ...event, version: 2 })

/** An event in its place in a log that a newer program has written. */
export const newer = (event: RecordedEvent): LogEvent => {
  const { stream, revision, log, sequence } = event
  return logEvent(Buffer.from(newerText(event)), { stream, revision, log, sequence })
}

/** What a program that knows that version reads: here it has the fields of the first. */
export const understood = (event: LogEvent): LogEvent => {
  if (!('unreadable' in event)) return event
  const { stream, revision, log, sequence } = event
  const text = Buffer.from(event.bytes).toString().replace('"version":2,', '"version":1,')
  return logEvent(Buffer.from(text), { stream, revision, log, sequence })
}
