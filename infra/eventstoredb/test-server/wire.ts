import shared from '@eventstore/db-client/generated/shared_pb.js'
import status from '@eventstore/db-client/generated/status_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import any from 'google-protobuf/google/protobuf/any_pb.js'
import type { AppendResult } from '../../../command-side/event-store.ts'
import type { NewEvent } from '../../../domain/event.ts'
import { sequenceIn } from '../../../domain/position.ts'
import { isUnread, type LogEvent } from '../../../projections/unread.ts'
import type { Expected } from './appending.ts'
import { fromJson, toJson } from '../../codec/event-codec.ts'

// How the test server's events and answers look on the wire.

/** The server's positions are not numbers in a row, as those of a real one are not. */
const stride = 128
export const commitOf = (sequence: number): number => sequence * stride
export const sequenceAt = (commit: number): number | undefined => (commit % stride === 0 ? commit / stride : undefined)

export const textOf = (bytes: Uint8Array | string): string =>
  typeof bytes === 'string' ? Buffer.from(bytes, 'base64').toString() : Buffer.from(bytes).toString()

export const identifierOf = (stream: string): shared.StreamIdentifier => {
  const identifier = new shared.StreamIdentifier()
  identifier.setStreamName(Buffer.from(stream))
  return identifier
}

export const uuidOf = (text: string): shared.UUID => {
  const uuid = new shared.UUID()
  uuid.setString(text)
  return uuid
}

type Proposed = { getData_asU8(): Uint8Array }

/** The ledger's event in a proposed message; throws for anybody else's. */
export const eventIn = (message: Proposed): NewEvent => fromJson(JSON.parse(textOf(message.getData_asU8())))

/** One event as every read has it. */
export const eventResponse = (
  id: string,
  type: string,
  data: string,
  place: { readonly stream: string; readonly revision: number; readonly commit: number },
): streams.ReadResp => {
  const event = new streams.ReadResp.ReadEvent.RecordedEvent()
  const commit = String(place.commit)
  event.setId(uuidOf(id))
  event.setStreamIdentifier(identifierOf(place.stream))
  event.setStreamRevision(String(place.revision))
  event.setCommitPosition(commit)
  event.setPreparePosition(commit)
  event.setData(Buffer.from(data))
  const metadata = event.getMetadataMap()
  metadata.set('type', type)
  metadata.set('content-type', 'application/json')
  metadata.set('created', String(BigInt(Date.now()) * 10_000n))
  const read = new streams.ReadResp.ReadEvent()
  read.setEvent(event)
  read.setCommitPosition(commit)
  const response = new streams.ReadResp()
  response.setEvent(read)
  return response
}

export const recordedResponse = (event: LogEvent): streams.ReadResp =>
  eventResponse(event.id, event.type, isUnread(event) ? textOf(event.bytes) : JSON.stringify(toJson(event)), {
    stream: event.stream,
    revision: event.revision,
    commit: commitOf(event.sequence),
  })

const wrongVersion = (actual: number | 'none', expected: Expected): status.Status => {
  const details = new shared.WrongExpectedVersion()
  if (actual === 'none') details.setCurrentNoStream(new shared.Empty() as never)
  else details.setCurrentStreamRevision(String(actual))
  if (expected === 'any') details.setExpectedAny(new shared.Empty() as never)
  else if (expected === 'exists') details.setExpectedStreamExists(new shared.Empty() as never)
  else if (expected === 'none') details.setExpectedNoStream(new shared.Empty() as never)
  else details.setExpectedStreamPosition(String(expected))
  return failure(6, 'WrongExpectedVersion', 'event_store.client.WrongExpectedVersion', details.serializeBinary())
}

/** A status with its reason, as a batch append's answer carries it. */
const failure = (code: number, message: string, type: string, details: Uint8Array): status.Status => {
  const reason = new any.Any()
  reason.pack(details, type)
  const error = new status.Status()
  error.setCode(code as never)
  error.setMessage(message)
  error.setDetails(reason)
  return error
}

/** An answer that says why an append was not made. */
export const refusal = (
  stream: string,
  code: number,
  message: string,
  type: string,
  details: Uint8Array,
): streams.BatchAppendResp => {
  const response = new streams.BatchAppendResp()
  response.setStreamIdentifier(identifierOf(stream))
  response.setError(failure(code, message, type, details))
  return response
}

/** The answer to a batch append. */
export const appendResponse = (
  correlation: shared.UUID | undefined,
  stream: string,
  expected: Expected,
  result: AppendResult,
): streams.BatchAppendResp => {
  const response = new streams.BatchAppendResp()
  response.setCorrelationId(correlation)
  response.setStreamIdentifier(identifierOf(stream))
  if (result.type === 'wrongRevision') {
    response.setError(wrongVersion(result.actual, expected))
    return response
  }
  const position = new shared.AllStreamPosition()
  const commit = String(commitOf(sequenceIn(result.position, 0)))
  position.setCommitPosition(commit)
  position.setPreparePosition(commit)
  const success = new streams.BatchAppendResp.Success()
  success.setCurrentRevision(String(result.revision))
  success.setPosition(position)
  response.setSuccess(success)
  return response
}
