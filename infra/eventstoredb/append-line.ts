import type { EventStoreDBClient } from '@eventstore/db-client'
import { parseUUID } from '@eventstore/db-client/dist/utils/grpcUUID.js'
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js'
import type streams from '@eventstore/db-client/generated/streams_pb.js'
import { innerOf } from './client.ts'

type Request = streams.BatchAppendReq
type Answer = streams.BatchAppendResp
type Waiting = { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void }

/** Sends an append and gives its answer; rejects when the line breaks first. It waits as long as the server does. */
export type Send = (correlationId: string, request: Request) => Promise<Answer>

/**
 * Opens the stream of requests that all appends of a client share. The client's own keeps its appends in one table for all
 * clients of the process: a stream that breaks rejects what others wait for, and an answer that nobody waits for throws
 * where nobody can catch it. Here each line has its own, and such an answer is dropped.
 */
const openLine = async (client: EventStoreDBClient, onEnd: () => void): Promise<Send> => {
  const inner = innerOf(client)
  const waiting = new Map<string, Waiting>()
  let failure: Error | undefined
  const end = (error: Error): void => {
    failure ??= error
    onEnd()
    for (const { reject } of waiting.values()) reject(failure)
    waiting.clear()
  }
  const take = (answer: Answer): void => {
    const id = parseUUID(answer.getCorrelationId()) ?? ''
    const one = waiting.get(id)
    waiting.delete(id)
    one?.resolve(answer)
  }
  const begin = (stub: StreamsClient) =>
    stub
      .batchAppend(...inner.callArguments({ requiresLeader: true }, { deadline: Number.POSITIVE_INFINITY }))
      .on('data', take)
      .on('error', end)
      .on('end', () => end(new Error('the event store has ended the stream of appends')))
  const stream = await inner.GRPCStreamCreator(StreamsClient, 'append', begin)()
  stream.once('end', () => stream.end())
  return (correlationId, request) =>
    new Promise((resolve, reject) => {
      if (failure !== undefined) return reject(failure)
      waiting.set(correlationId, { resolve, reject })
      stream.write(request)
    })
}

/**
 * The appends of one client. On a line that was just opened the first one goes alone, and the others follow once it was
 * answered: what is wrong with a server is learned by one, not by thousands.
 */
export const appendsOf = (client: EventStoreDBClient): Send => {
  let current: { readonly line: Promise<Send>; readonly proven: Promise<unknown> } | undefined

  const first = (correlationId: string, request: Request): Promise<Answer> => {
    const line = openLine(client, () => {
      if (current?.line === line) current = undefined
    })
    const answer = line.then((send) => send(correlationId, request))
    const proven = answer.catch((error: unknown) => {
      // Also where there was no line to begin with.
      if (current?.line === line) current = undefined
      throw error
    })
    proven.catch(() => undefined)
    current = { line, proven }
    return answer
  }

  return async (correlationId, request) => {
    if (current === undefined) return first(correlationId, request)
    const { line, proven } = current
    await proven
    return (await line)(correlationId, request)
  }
}
