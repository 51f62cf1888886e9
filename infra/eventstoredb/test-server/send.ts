import type { ServerWritableStream } from '@grpc/grpc-js'
import type streams from '@eventstore/db-client/generated/streams_pb.js'

/** A call of Streams/Read, and what it asks for. */
export type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>
export type ReadOptions = streams.ReadReq.Options

/** Resolves when the reader can take more, or is gone. */
export const send = (call: ReadCall, response: streams.ReadResp): Promise<void> =>
  new Promise((resolve) => {
    if (call.destroyed || call.write(response)) return resolve()
    const go = (): void => {
      call.off('drain', go).off('close', go)
      resolve()
    }
    call.on('drain', go).on('close', go)
  })
