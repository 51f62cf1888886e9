import { type ServerDuplexStream, status } from '@grpc/grpc-js'
import shared from '@eventstore/db-client/generated/shared_pb.js'
import type streams from '@eventstore/db-client/generated/streams_pb.js'
import { randomUUID } from 'node:crypto'
import { refusal, uuidOf } from './wire.ts'

/** What a server may do with an append instead of answering it. Of these some have written it, and some have not. */
export type Fault =
  /** Written; the answer is for an append that nobody made. */
  | 'unknown id'
  /** Written and answered, two times. */
  | 'twice'
  /** Written and answered, the id in two integers as a UUID may be. */
  | 'id in integers'
  /** Written; said to have timed out. */
  | 'timed out'
  /** Written; the stream of appends ends as if all was well. */
  | 'ends'
  /** Written; no answer. */
  | 'silent'
  /** Not written; an error without the stream and the reason. */
  | 'bare error'
  /** Not written; what a server says in its first second. */
  | 'not ready'
  /** Not written; what makes no sense to the server. */
  | 'bad request'
  /** Not written until the test lets it go on. */
  | 'held'

/** What the server will do wrong, one for each append that comes, and what came. */
export type Faults = {
  readonly next: Fault[]
  /** How many appends came. */
  arrived: number
  /** What held appends wait for. */
  held: Promise<void>
  /** How many subscriptions are to be confirmed and then forgotten. */
  deadSubscriptions: number
}

export const noFaults = (): Faults => ({ next: [], arrived: 0, held: Promise.resolve(), deadSubscriptions: 0 })

type Call = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>
type Answer = streams.BatchAppendResp

const inIntegers = (id: string): shared.UUID => {
  const hex = id.replaceAll('-', '')
  const structured = new shared.UUID.Structured()
  structured.setMostSignificantBits(BigInt.asIntN(64, BigInt(`0x${hex.slice(0, 16)}`)).toString())
  structured.setLeastSignificantBits(BigInt.asIntN(64, BigInt(`0x${hex.slice(16)}`)).toString())
  const uuid = new shared.UUID()
  uuid.setStructured(structured)
  return uuid
}

const empty = new shared.Empty().serializeBinary()

/** Makes the answer to the append `id` of `stream` go wrong; `write` writes the events and makes the right answer. */
export const misbehave = async (
  fault: Fault,
  { call, id, stream }: { readonly call: Call; readonly id: string; readonly stream: string },
  faults: Faults,
  write: () => Promise<Answer>,
): Promise<void> => {
  const refuse = (answer: Answer): void => {
    answer.setCorrelationId(uuidOf(id))
    call.write(answer)
  }
  switch (fault) {
    case 'unknown id': {
      const answer = await write()
      answer.setCorrelationId(uuidOf(randomUUID()))
      call.write(answer)
      return
    }
    case 'twice': {
      const answer = await write()
      call.write(answer)
      call.write(answer)
      return
    }
    case 'id in integers': {
      const answer = await write()
      answer.setCorrelationId(inIntegers(id))
      call.write(answer)
      return
    }
    case 'timed out':
      await write()
      return refuse(refusal(stream, status.DEADLINE_EXCEEDED, 'Timeout', 'event_store.client.Timeout', empty))
    case 'ends':
      await write()
      call.end()
      return
    case 'silent':
      await write()
      return
    case 'bare error': {
      const answer = refusal(stream, status.UNKNOWN, 'something went wrong', '', empty)
      answer.clearStreamIdentifier()
      answer.getError()?.clearDetails()
      return refuse(answer)
    }
    case 'not ready':
      return refuse(refusal(stream, status.UNKNOWN, 'Server Is Not Ready', 'google.protobuf.Empty', empty))
    case 'bad request':
      return refuse(refusal(stream, status.INVALID_ARGUMENT, 'Bad', 'event_store.client.BadRequest', empty))
    case 'held':
      await faults.held
      call.write(await write())
      return
  }
}
