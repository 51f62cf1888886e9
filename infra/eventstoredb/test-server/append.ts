import type { sendUnaryData, ServerReadableStream } from '@grpc/grpc-js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import type { NewEvent } from '../../../domain/event.ts'
import { sequenceIn } from '../../../domain/position.ts'
import { type Append, expectedBy } from './appending.ts'
import { commitOf, eventIn, textOf } from './wire.ts'

type Call = ServerReadableStream<streams.AppendReq, streams.AppendResp>

/** Streams/Append: one append a call, its options first and then each event. */
export const append =
  (appendTo: Append) =>
  (call: Call, answer: sendUnaryData<streams.AppendResp>): void => {
    let options: streams.AppendReq.Options | undefined
    const events: NewEvent[] = []
    call.on('data', (request: streams.AppendReq) => {
      options ??= request.getOptions()
      const message = request.getProposedMessage()
      if (message !== undefined) events.push(eventIn(message))
    })
    call.on('error', () => undefined)
    call.on('end', () => {
      const stream = textOf(options?.getStreamIdentifier()?.getStreamName_asU8() ?? '')
      const revision = options?.hasRevision() ? options.getRevision() : undefined
      const expected = options === undefined ? 'none' : expectedBy(revision, options)
      appendTo(stream, expected, events).then(
        (result) => {
          const response = new streams.AppendResp()
          if (result.type === 'wrongRevision') {
            const wrong = new streams.AppendResp.WrongExpectedVersion()
            if (result.actual !== 'none') wrong.setCurrentRevision(String(result.actual))
            response.setWrongExpectedVersion(wrong)
            return answer(null, response)
          }
          const position = new streams.AppendResp.Position()
          const commit = String(commitOf(sequenceIn(result.position, 0)))
          position.setCommitPosition(commit)
          position.setPreparePosition(commit)
          const success = new streams.AppendResp.Success()
          success.setCurrentRevision(String(result.revision))
          success.setPosition(position)
          response.setSuccess(success)
          answer(null, response)
        },
        (error: unknown) => answer(error instanceof Error ? error : new Error('not appended')),
      )
    })
  }
