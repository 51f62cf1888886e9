import { AccessDeniedError, MaxAppendSizeExceededError, StreamDeletedError } from '@eventstore/db-client'
import shared from '@eventstore/db-client/generated/shared_pb.js'
import type status from '@eventstore/db-client/generated/status_pb.js'
import type streams from '@eventstore/db-client/generated/streams_pb.js'
import type { AppendResult } from '../../command-side/event-store.ts'
import type { StreamId } from '../../domain/event.ts'
import { positionOf } from '../../domain/position.ts'
import { AppendRefused } from './failures.ts'

const invalidArgument = 3

/** What an error means: a wrong revision is a value, anything else is thrown. */
const failed = (error: status.Status, stream: StreamId): AppendResult => {
  const reason = error.getDetails()
  const details = reason?.getValue_asU8() ?? new Uint8Array()
  switch (reason?.getTypeName() ?? '') {
    case 'event_store.client.WrongExpectedVersion': {
      const wrong = shared.WrongExpectedVersion.deserializeBinary(details)
      const actual = wrong.hasCurrentStreamRevision() ? Number(wrong.getCurrentStreamRevision()) : 'none'
      return { type: 'wrongRevision', actual }
    }
    case 'event_store.client.StreamDeleted':
      throw StreamDeletedError.fromStreamName(stream)
    case 'event_store.client.AccessDenied':
      throw new AccessDeniedError()
    case 'event_store.client.MaximumAppendSizeExceeded': {
      const most = shared.MaximumAppendSizeExceeded.deserializeBinary(details)
      throw MaxAppendSizeExceededError.fromMaxAppendSize(most.getMaxappendsize())
    }
    default: {
      const message = `the event store has not appended: ${error.getMessage() || `code ${error.getCode()}`}`
      throw Number(error.getCode()) === invalidArgument ? new AppendRefused(message) : new Error(message)
    }
  }
}

/** What the answer to an append of `stream` to log `log` says; throws where it was not appended, or may not have been. */
export const appendResult = (answer: streams.BatchAppendResp, stream: StreamId, log: number): AppendResult => {
  const error = answer.getError()
  if (error !== undefined) return failed(error, stream)
  const success = answer.getSuccess()
  const position = success?.getPosition()
  if (success === undefined || position === undefined) {
    throw new Error('the event store did not say where it has put an event')
  }
  const place = positionOf({ log, sequence: Number(position.getCommitPosition()) })
  return { type: 'appended', revision: Number(success.getCurrentRevision()), position: place }
}
