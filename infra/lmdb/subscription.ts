import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { Position } from '../../domain/position.ts'
import type { LogBatch } from '../../projections/log-reader.ts'

const batchLimit = 2_000
const shortestWaitMs = 2
const longestWaitMs = 20

/**
 * Batches after `from` without end. At the head it looks again soon after something came, and less often the longer
 * nothing does: other processes write too, and nothing tells of their commits but the log.
 */
export async function* subscription(
  from: Position,
  signal: AbortSignal,
  read: (from: Position, limit: number) => LogBatch,
): AsyncGenerator<LogBatch, void, undefined> {
  let position = from
  let waitMs = shortestWaitMs
  while (!signal.aborted) {
    const batch = read(position, batchLimit)
    if (batch.events.length > 0) {
      yield batch
      position = batch.position
      waitMs = shortestWaitMs
      // A consumer that never waits for anything would keep everyone else waiting.
      await nextTurn()
    } else {
      // An abort ends the wait, and the loop ends with it.
      await sleep(waitMs, undefined, { signal }).catch(() => undefined)
      waitMs = Math.min(waitMs * 1.5, longestWaitMs)
    }
  }
}
