import type { ServerDuplexStream } from '@grpc/grpc-js'
import type streams from '@eventstore/db-client/generated/streams_pb.js'
import type { NewEvent } from '../../../domain/event.ts'
import { type Append, type Expected, expectedBy } from './appending.ts'
import { type Faults, misbehave } from './faults.ts'
import type { Leadership } from './leadership.ts'
import { appendResponse, eventIn, textOf } from './wire.ts'

type Call = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>
type Appending = { readonly stream: string; readonly expected: Expected; readonly events: NewEvent[] }

const begun = (options: streams.BatchAppendReq.Options): Appending => ({
  stream: textOf(options.getStreamIdentifier()?.getStreamName_asU8() ?? ''),
  expected: expectedBy(options.hasStreamPosition() ? options.getStreamPosition() : undefined, options),
  events: [],
})

/** Streams/BatchAppend: one stream of requests for all appends of a client, each told by its correlation id. */
export const batchAppend =
  (appendTo: Append, faults: Faults, leadership: Leadership) =>
  (call: Call): void => {
    if (!leadership.admits(call)) return
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
      faults.arrived += 1
      const write = async () => appendResponse(correlation, stream, expected, await appendTo(stream, expected, events))
      const fault = faults.next.shift()
      const answered =
        fault === undefined
          ? write().then((response) => void (!call.destroyed && call.write(response)))
          : misbehave(fault, { call, id, stream }, faults, write)
      answered.catch(() => call.destroy())
    })
    call.on('end', () => call.end())
    call.on('error', () => undefined)
  }
