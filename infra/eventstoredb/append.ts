import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AppendResult, ExpectedRevision } from '../../command-side/event-store.ts'
import type { StreamId } from '../../domain/event.ts'
import { appendResult } from './append-answer.ts'
import { appendRequest, type Proposed } from './append-request.ts'
import type { Connection } from './connection.ts'
import { isPassing } from './failures.ts'

const firstPauseMs = 20
const longestPauseMs = 1_000

/** How long a try may take, and how long it is tried. In milliseconds. */
export type Patience = { readonly callMs: number; readonly allMs: number }

/**
 * Appends to one store. A try whose outcome is unknown is made again with the same event ids and the same revision, never
 * without one: only so does the server take it for what it is, also after it was started anew.
 */
export const appendTo = async (
  connection: Connection,
  log: number,
  { callMs, allMs }: Patience,
  [stream, expected, proposed]: readonly [StreamId, ExpectedRevision, Proposed],
): Promise<AppendResult> => {
  const giveUpAt = performance.now() + allMs
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      const id = randomUUID()
      const request = appendRequest(id, stream, expected, proposed, callMs)
      return appendResult(await connection.append(id, request, callMs), stream, log)
    } catch (error) {
      if (!isPassing(error) || performance.now() + pauseMs > giveUpAt) throw error
    }
    await sleep(pauseMs)
  }
}
