import shared from '@eventstore/db-client/generated/shared_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import empty from 'google-protobuf/google/protobuf/empty_pb.js'
import timestamp from 'google-protobuf/google/protobuf/timestamp_pb.js'
import type { ExpectedRevision } from '../../command-side/event-store.ts'
import type { NewEvent, StreamId } from '../../domain/event.ts'
import { toJsonText } from '../codec/event-codec.ts'
import type { Digest } from '../../proof/digest.ts'
import { chained } from '../../proof/line.ts'
import { previousLength, withPrevious } from './previous.ts'

type Message = streams.BatchAppendReq.ProposedMessage

/** Events as JSON texts, and how many bytes the server takes them for at most. */
export type Prepared = {
  readonly events: readonly NewEvent[]
  readonly texts: readonly string[]
  readonly bytes: number
}

/** Events as they go over the wire, and the hash of the last of them. */
export type Proposed = { readonly messages: readonly Message[]; readonly hash: Digest }

/** In bytes; a server takes no more in one append. */
const mostInOneAppend = 1_048_576

const uuidOf = (text: string): shared.UUID => {
  const uuid = new shared.UUID()
  uuid.setString(text)
  return uuid
}

/** Makes events ready to be proposed. Throws a `RangeError` for more than one append may hold. */
export const prepare = (events: readonly NewEvent[]): Prepared => {
  const texts = events.map(toJsonText)
  let bytes = 0
  // The type counts with two bytes a character.
  for (const [index, text] of texts.entries())
    bytes += Buffer.byteLength(text) + previousLength + 2 * (events[index]?.type.length ?? 0)
  if (bytes > mostInOneAppend) {
    throw new RangeError(`an append may hold ${mostInOneAppend} bytes, and these ${events.length} events have ${bytes}`)
  }
  return { events, texts, bytes }
}

/** Makes them ready to be sent, once for all tries, each with the hash of the one before it in its stream. */
export const propose = (
  { events, texts }: Prepared,
  stream: StreamId,
  expected: ExpectedRevision,
  previous: Digest | undefined,
): Proposed => {
  let hash = previous
  const first = expected === 'none' ? 0 : expected + 1
  const messages = events.map(({ id, type }, index) => {
    const text = withPrevious(texts[index] ?? '', hash)
    hash = chained({ stream, revision: first + index, event: text }, hash)
    const message = new streams.BatchAppendReq.ProposedMessage()
    message.setId(uuidOf(id))
    message.getMetadataMap().set('type', type).set('content-type', 'application/json')
    message.setData(Buffer.from(text))
    return message
  })
  return { messages, hash: hash ?? '' }
}

/** One try to append, told by its correlation id; the server gives it up after `timeoutMs`. */
export const appendRequest = (
  correlationId: string,
  stream: StreamId,
  expected: ExpectedRevision,
  { messages }: Proposed,
  timeoutMs: number,
): streams.BatchAppendReq => {
  const identifier = new shared.StreamIdentifier()
  identifier.setStreamName(Buffer.from(stream))
  const options = new streams.BatchAppendReq.Options()
  options.setStreamIdentifier(identifier)
  options.setDeadline(timestamp.Timestamp.fromDate(new Date(Date.now() + timeoutMs)))
  if (expected === 'none') options.setNoStream(new empty.Empty())
  else options.setStreamPosition(String(expected))
  const request = new streams.BatchAppendReq()
  request.setCorrelationId(uuidOf(correlationId))
  request.setOptions(options)
  request.setProposedMessagesList([...messages])
  request.setIsFinal(true)
  return request
}
