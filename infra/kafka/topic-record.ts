import type { KafkaMessage } from 'kafkajs'
import type { Outgoing } from '../../projections/publisher.ts'
import type { LogEvent } from '../../projections/unread.ts'
import { hashOf } from '../../reconciliation/digest.ts'
import type { TopicRecord } from '../../reconciliation/topic/topic-reader.ts'
import { bytesOf } from '../codec/log-event.ts'
import { recordOf, UnreadableRecord } from './record.ts'

const hashOfParts = (stream: string, revision: number, value: Uint8Array): bigint =>
  hashOf(`${stream}\u001f${revision}\u001f${Buffer.from(value).toString('latin1')}`)

const recordIn = (placed: Outgoing, { offset, value }: KafkaMessage): TopicRecord => {
  const { part, log, after, upTo, event } = placed
  const place = { part, offset: Number(offset), log, after, upTo }
  if (event === undefined) return place
  const { stream, revision, id } = event
  return {
    ...place,
    event: {
      stream,
      revision,
      id: id.replaceAll('-', ''),
      hash: hashOfParts(stream, revision, value ?? Buffer.alloc(0)),
    },
  }
}

/** A record that cannot be read, where its headers tell of which event it is: one that says something else. */
const alteredIn = ({ headers = {}, key, offset }: KafkaMessage, part: number): readonly TopicRecord[] => {
  const numberIn = (name: string): number => Number(headers[name]?.toString() ?? Number.NaN)
  const [log, upTo, after, revision] = ['ce_log', 'ce_logsequence', 'ce_logafter', 'ce_revision'].map(numberIn)
  if (log === undefined || upTo === undefined || !Number.isSafeInteger(log) || !Number.isSafeInteger(upTo)) return []
  const event = { stream: key?.toString() ?? '', revision: revision ?? 0, id: '', hash: 0n }
  return [{ part, offset: Number(offset), log, after: after ?? 0, upTo, event }]
}

/** The hash of all that a record says of this event. */
export const hashOfEvent = (event: LogEvent): bigint => hashOfParts(event.stream, event.revision, bytesOf(event))

/** What a message of a partition says; nothing where it cannot even be told of which event it is. */
export const topicRecordsIn = (
  message: KafkaMessage,
  topic: string,
  part: number,
  parts: number,
): readonly TopicRecord[] => {
  try {
    return [recordIn(recordOf(message, topic, part, parts), message)]
  } catch (error) {
    if (!(error instanceof UnreadableRecord)) throw error
    return alteredIn(message, part)
  }
}
