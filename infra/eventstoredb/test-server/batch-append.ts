import type { ServerDuplexStream } from '@grpc/grpc-js'
import type streams from '@eventstore/db-client/generated/streams_pb.js'
import type { EventStore, ExpectedRevision } from '../../../command-side/event-store.ts'
import type { NewEvent } from '../../../domain/event.ts'
import { appendResponse, eventIn, textOf } from './wire.ts'

type Call = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>
type Appending = { readonly stream: string; readonly expected: ExpectedRevision; readonly events: NewEvent[] }

const begun = (options: streams.BatchAppendReq.Options): Appending => ({
  stream: textOf(options.getStreamIdentifier()?.getStreamName_asU8() ?? ''),
  expected: options.hasStreamPosition() ? Number(options.getStreamPosition()) : 'none',
  events: [],
})

/** Streams/BatchAppend: one stream of requests for all appends of a client, each told by its correlation id. */
export const batchAppend =
  (store: EventStore) =>
  (call: Call): void => {
    const appending = new Map<string, Appending>()
    call.on('data', (request: streams.BatchAppendReq) => {
      const correlation = request.getCorrelationId()
      const id = correlation?.getString() ?? ''
      const options = request.getOptions()
      const one = appending.get(id) ?? (options && begun(options))
      if (one === undefined) return
      appending.set(id, one)
      one.events.push(...request.getProposedMessagesList().map(eventIn))
      if (!request.getIsFinal()) return
      appending.delete(id)
      const { stream, expected, events } = one
      store.append(stream, expected, events).then(
        (result) => {
          if (!call.destroyed) call.write(appendResponse(correlation, stream, expected, result))
        },
        () => call.destroy(),
      )
    })
    call.on('end', () => call.end())
    call.on('error', () => undefined)
  }
