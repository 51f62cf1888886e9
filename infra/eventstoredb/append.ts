import { setTimeout as sleep } from 'node:timers/promises'
import { jsonEvent, NO_STREAM, WrongExpectedVersionError } from '@eventstore/db-client'
import type { AppendResult, ExpectedRevision } from '../../command-side/event-store.ts'
import type { NewEvent, StreamId } from '../../domain/event.ts'
import { positionOf } from '../../domain/position.ts'
import { toJson } from '../codec/event-codec.ts'
import type { Connection } from './connection.ts'
import { isPassing } from './failures.ts'

const firstPauseMs = 20
const longestPauseMs = 1_000

/** How long a try may take, and how long it is tried. In milliseconds. */
export type Patience = { readonly callMs: number; readonly allMs: number }

const wrongRevision = ({ actualVersion }: WrongExpectedVersionError): AppendResult => ({
  type: 'wrongRevision',
  actual: typeof actualVersion === 'bigint' ? Number(actualVersion) : 'none',
})

/**
 * Appends to one store. A try whose outcome is unknown is made again with the same event ids and the same revision, never
 * without one: only so does the server take it for what it is, also after it was started anew.
 */
export const appendTo = async (
  connection: Connection,
  log: number,
  { callMs, allMs }: Patience,
  [stream, expected, events]: readonly [StreamId, ExpectedRevision, readonly NewEvent[]],
): Promise<AppendResult> => {
  const made = events.map((event) => jsonEvent({ id: event.id, type: event.type, data: toJson(event) as never }))
  const expectedRevision = expected === 'none' ? NO_STREAM : BigInt(expected)
  const giveUpAt = performance.now() + allMs
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      const { nextExpectedRevision, position } = await connection.call(
        (client) => client.appendToStream(stream, made, { expectedRevision, deadline: callMs }),
        callMs,
      )
      if (position === undefined) throw new Error('the event store did not say where it has put an event')
      const place = positionOf({ log, sequence: Number(position.commit) })
      return { type: 'appended', revision: Number(nextExpectedRevision), position: place }
    } catch (error) {
      if (error instanceof WrongExpectedVersionError) return wrongRevision(error)
      if (!isPassing(error) || performance.now() + pauseMs > giveUpAt) throw error
    }
    await sleep(pauseMs)
  }
}
