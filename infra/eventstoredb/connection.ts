import { setTimeout as sleep } from 'node:timers/promises'
import { EventStoreDBClient } from '@eventstore/db-client'
import { within } from '../within.ts'

/** The server did not answer in time. What was asked of it may have been done. */
export class NoAnswer extends Error {
  override name = 'NoAnswer'
}

/** A connection to one event store, made anew when the server falls silent. */
export type Connection = {
  /** Does the work with the client; rejects as it does, or with `NoAnswer` after `timeoutMs`, and then nobody uses this client again. */
  call<T>(work: (client: EventStoreDBClient) => Promise<T>, timeoutMs: number): Promise<T>
  close(): Promise<void>
}

const longestDisposalMs = 2_000

/** Ends all that a client has under way. A server that is silent does not hold this up. */
const dispose = (client: EventStoreDBClient): Promise<unknown> =>
  Promise.race([client.dispose(), sleep(longestDisposalMs, undefined, { ref: false })]).catch(() => undefined)

/**
 * Connects as the connection string says (`esdb://…`). There is one client at a time, and a new one only when the old one
 * is done with: clients share a table of appends under way, and one whose stream breaks rejects those of all.
 */
export const connect = (connectionString: string): Connection => {
  const begin = (): EventStoreDBClient => EventStoreDBClient.connectionString(connectionString)
  let current: Promise<EventStoreDBClient> = Promise.resolve(begin())
  let closed = false

  const replace = (silent: EventStoreDBClient, of: Promise<EventStoreDBClient>): void => {
    if (current !== of || closed) return
    current = dispose(silent).then(begin)
  }

  return {
    call: async (work, timeoutMs) => {
      if (closed) throw new Error('the event store is closed')
      const of = current
      const client = await of
      const answer = await within(
        timeoutMs,
        () => work(client),
        () => {
          replace(client, of)
          return new NoAnswer(`the event store did not answer within ${timeoutMs} ms`)
        },
      )
      // A read that is cancelled with its client ends as if there were no more to be read.
      if (current !== of || closed) throw new NoAnswer('the event store was silent, and its client was given up')
      return answer
    },
    close: async () => {
      closed = true
      await dispose(await current)
    },
  }
}
