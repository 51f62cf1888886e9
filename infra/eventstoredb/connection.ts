import { EventStoreDBClient } from '@eventstore/db-client'
import type streams from '@eventstore/db-client/generated/streams_pb.js'
import { setTimeout as sleep } from 'node:timers/promises'
import { within } from '../within.ts'
import { appendsOf, type Send } from './append-line.ts'
import { innerOf } from './client.ts'
import { EventStoreClosed } from './failures.ts'

/** The server did not answer in time. What was asked of it may have been done. */
export class NoAnswer extends Error {
  override name = 'NoAnswer'
}

/** A connection to one event store, made anew when the server falls silent. Silence is a rejection with `NoAnswer`. */
export type Connection = {
  /** Does the work with the client; rejects as it does, or after `timeoutMs`, and then nobody uses this client again. */
  call<T>(work: (client: EventStoreDBClient) => Promise<T>, timeoutMs: number): Promise<T>
  /** Sends an append; likewise. */
  append(id: string, request: streams.BatchAppendReq, timeoutMs: number): Promise<streams.BatchAppendResp>
  close(): Promise<void>
}

type Used = { readonly client: EventStoreDBClient; readonly send: Send }

const longestDisposalMs = 2_000

const begin = (connectionString: string): Used => {
  const client = EventStoreDBClient.connectionString(connectionString)
  const inner = innerOf(client)
  // The client does not wait for it when a call has failed; where it finds no node then, that would end the process.
  const handleError = inner.handleError
  inner.handleError = (stub, error) => handleError(stub, error).catch(() => undefined)
  return { client, send: appendsOf(client) }
}

/** Ends all that a client has under way, and its connection. A server that is silent does not hold this up. */
const dispose = async ({ client }: Used): Promise<void> => {
  const ended = client.dispose().then(async () => (await innerOf(client).getChannel()).close())
  await Promise.race([ended, sleep(longestDisposalMs, undefined, { ref: false })]).catch(() => undefined)
}

/** Connects as the connection string says (`esdb://…`), when something is asked for. There is one client at a time. */
export const connect = (connectionString: string): Connection => {
  let current = begin(connectionString)
  let closed = false

  const replace = (silent: Used): void => {
    if (current !== silent || closed) return
    current = begin(connectionString)
    void dispose(silent)
  }

  const use = async <T>(work: (used: Used) => Promise<T>, timeoutMs: number): Promise<T> => {
    if (closed) throw new EventStoreClosed('the event store is closed')
    const used = current
    const answer = await within(
      timeoutMs,
      () => work(used),
      () => {
        replace(used)
        return new NoAnswer(`the event store did not answer within ${timeoutMs} ms`)
      },
    )
    // A read that is cancelled with its client ends as if there were no more to be read.
    if (current !== used || closed) throw new NoAnswer('the event store was silent, and its client was given up')
    return answer
  }

  return {
    call: (work, timeoutMs) => use(({ client }) => work(client), timeoutMs),
    append: (id, request, timeoutMs) => use(({ send }) => send(id, request), timeoutMs),
    close: async () => {
      closed = true
      await dispose(current)
    },
  }
}
