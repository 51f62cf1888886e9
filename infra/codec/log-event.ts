import type { RecordedEvent } from '../../domain/event.ts'
import { UnreadableEvent } from '../../http/unreadable-event.ts'
import { isUnread, type LogEvent, type Unread } from '../../projections/unread.ts'
import { encode, fromJson, fromText } from './event-codec.ts'

/** Where an event was found. */
type Place = Pick<RecordedEvent, 'stream' | 'revision' | 'log' | 'sequence'>

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What the text says of itself as far as it is like an event's. A log needs a name for what has none. */
const unread = (text: string, bytes: Uint8Array, place: Place, { reason }: UnreadableEvent): Unread => {
  const { id, type, recordedAt, metadata } = fieldsOf(parsed(text))
  const { merchantId } = fieldsOf(metadata)
  return {
    ...place,
    unreadable: reason,
    bytes,
    id: typeof id === 'string' ? id : `unreadable-${place.log}-${place.sequence}`,
    type: typeof type === 'string' ? type : 'Unreadable',
    ...(typeof recordedAt === 'string' ? { recordedAt } : {}),
    ...(typeof merchantId === 'string' ? { merchantId } : {}),
  }
}

/** The event of such bytes as `encode` makes, where it was found. What cannot be read is copied as it is. */
export const logEvent = (bytes: Buffer, place: Place): LogEvent => {
  const text = bytes.toString()
  try {
    return Object.assign(fromText(text), place)
  } catch (error) {
    if (!(error instanceof UnreadableEvent)) throw error
    return unread(text, Buffer.from(bytes), place, error)
  }
}

const bytesOfJson = (json: unknown): Buffer => {
  if (json instanceof Uint8Array) return Buffer.from(json)
  return Buffer.from(typeof json === 'string' ? json : (JSON.stringify(json) ?? ''))
}

/**
 * The same of what a store has made of such a text: an object of its JSON, which is taken over, or the text or the bytes
 * where it could not.
 */
export const logEventOfJson = (json: unknown, place: Place): LogEvent => {
  try {
    return Object.assign(fromJson(json), place)
  } catch (error) {
    if (!(error instanceof UnreadableEvent)) throw error
    const bytes = bytesOfJson(json)
    return unread(bytes.toString(), bytes, place, error)
  }
}

/** The bytes to pass an event on with: those of one that cannot be read are what the log has. */
export const bytesOf = (event: LogEvent): Buffer => (isUnread(event) ? Buffer.from(event.bytes) : encode(event))
