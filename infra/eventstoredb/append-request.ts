import shared from '@eventstore/db-client/generated/shared_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import empty from 'google-protobuf/google/protobuf/empty_pb.js'
import timestamp from 'google-protobuf/google/protobuf/timestamp_pb.js'
import type { ExpectedRevision } from '../../command-side/event-store.ts'
import type { NewEvent, StreamId } from '../../domain/event.ts'
import { toJsonText } from '../codec/event-codec.ts'

type Message = streams.BatchAppendReq.ProposedMessage

/** Events as they go over the wire, and how many bytes the server takes them for. */
export type Proposed = { readonly messages: readonly Message[]; readonly bytes: number }

/** In bytes; a server takes no more in one append. */
const mostInOneAppend = 1_048_576

const uuidOf = (text: string): shared.UUID => {
  const uuid = new shared.UUID()
  uuid.setString(text)
  return uuid
}

/** Makes events ready to be sent, once for all tries. Throws a `RangeError` for more than one append may hold. */
export const propose = (events: readonly NewEvent[]): Proposed => {
  let bytes = 0
  const messages = events.map((event) => {
    const data = Buffer.from(toJsonText(event))
    const message = new streams.BatchAppendReq.ProposedMessage()
    message.setId(uuidOf(event.id))
    message.getMetadataMap().set('type', event.type).set('content-type', 'application/json')
    message.setData(data)
    // The type counts with two bytes a character.
    bytes += data.length + 2 * event.type.length
    return message
  })
  if (bytes > mostInOneAppend) {
    throw new RangeError(`an append may hold ${mostInOneAppend} bytes, and these ${events.length} events have ${bytes}`)
  }
  return { messages, bytes }
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
