import type { IHeaders, KafkaMessage, Message } from 'kafkajs'
import type { Outgoing } from '../../projections/publisher.ts'
import { isUnread } from '../../projections/unread.ts'
import { bytesOf, logEvent } from '../codec/log-event.ts'

/** A record that says nothing to us, and where it is. What is in it is not told. */
export class UnreadableRecord extends Error {
  override name = 'UnreadableRecord'
}

const watermark = 'daybook.watermark'

/**
 * An event as CloudEvents 1.0 has it in Kafka's binary mode: the headers are its attributes, the value is the event's own
 * JSON, the key its stream. A watermark is a CloudEvent without data, of a type of its own that other readers can pass
 * over; and it has no key, as it speaks of all streams. Our own attributes are the log, what the record before it in the
 * partition ended with and what this one ends with, the number of parts, and the place in the stream.
 */
export const messageOf = ({ log, part, after, upTo, event }: Outgoing, parts: number): Message => {
  const place = {
    ce_log: String(log),
    ce_logafter: String(after),
    ce_logsequence: String(upTo),
    ce_parts: String(parts),
  }
  const common = { ce_specversion: '1.0', ce_source: `/daybook/logs/${log}` }
  if (event === undefined) {
    const id = `watermark-${part}-${after}-${upTo}`
    return { partition: part, key: null, value: null, headers: { ...common, ce_id: id, ce_type: watermark, ...place } }
  }
  return {
    partition: part,
    key: event.stream,
    value: bytesOf(event),
    headers: {
      ...common,
      ce_id: event.id,
      ce_type: `daybook.${event.type}`,
      ...(event.recordedAt === undefined ? {} : { ce_time: event.recordedAt }),
      ce_subject: event.stream,
      ce_revision: String(event.revision),
      ...place,
      'content-type': 'application/json',
    },
  }
}

const textOf = (headers: IHeaders, name: string): string => {
  const value = headers[name]
  if (value === undefined || Array.isArray(value)) throw new TypeError(`has not one header ${name}`)
  return value.toString()
}

const numberOf = (headers: IHeaders, name: string): number => {
  const text = textOf(headers, name)
  const number = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) throw new TypeError(`has no number in its header ${name}`)
  return number
}

const read = ({ headers = {}, key, value }: KafkaMessage, part: number, parts: number): Outgoing => {
  if (numberOf(headers, 'ce_parts') !== parts) throw new TypeError(`was dealt out to another number of parts`)
  const log = numberOf(headers, 'ce_log')
  const upTo = numberOf(headers, 'ce_logsequence')
  const place = { log, part, after: numberOf(headers, 'ce_logafter'), upTo }
  if (place.after > upTo) throw new TypeError('ends before it begins')
  if (textOf(headers, 'ce_type') === watermark) return place
  if (key === null || value === null) throw new TypeError('has no event')
  const revision = numberOf(headers, 'ce_revision')
  const event = logEvent(value, { stream: key.toString(), revision, log, sequence: upTo })
  // Whether it is only the record that is broken, the log knows.
  if (isUnread(event) && event.merchantId === undefined) throw new TypeError('has no event')
  return { ...place, event }
}

/** What a message of the partition `part` says. Throws `UnreadableRecord`. */
export const recordOf = (message: KafkaMessage, topic: string, part: number, parts: number): Outgoing => {
  try {
    return read(message, part, parts)
  } catch (cause) {
    // Errors of the JSON parser quote what they have found.
    const why = cause instanceof TypeError ? cause.message : 'is not an event that this version knows'
    throw new UnreadableRecord(`the record ${message.offset} of partition ${part} of ${topic} ${why}`)
  }
}
