import { setTimeout as sleep } from 'node:timers/promises'
import { type Position, sequenceIn } from '../../domain/position.ts'
import type { LogBatch } from '../../projections/log-reader.ts'
import { live, type LiveSource } from './live.ts'
import { readAllOf } from './read.ts'

const batchLimit = 2_000
const firstPauseMs = 50
const longestPauseMs = 2_000

/**
 * Batches after `from` without end. What is far behind is read in pages, what is near comes by subscription; whenever that
 * is dropped (the server drops those who are slow) or the server is gone, it goes on after the last event that was taken,
 * so that none is left out. Checkpoints of the server are not used: they may be ahead of what was taken.
 */
export async function* subscribeTo(
  source: LiveSource,
  from: Position,
  signal: AbortSignal,
  onTrouble: (error: unknown) => void,
): AsyncGenerator<LogBatch> {
  let position = from
  let pauseMs = firstPauseMs
  const pause = async (): Promise<void> => {
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
    pauseMs = Math.min(2 * pauseMs, longestPauseMs)
  }
  while (!signal.aborted) {
    try {
      const batch = await readAllOf(source, position, batchLimit)
      if (batch.events.length > 0) {
        yield batch
        position = batch.position
        pauseMs = firstPauseMs
      } else {
        let isFruitless = true
        for await (const next of live(source, sequenceIn(position, source.log), batchLimit, signal)) {
          yield next
          position = next.position
          pauseMs = firstPauseMs
          isFruitless = false
          if (signal.aborted) return
        }
        if (isFruitless) await pause()
      }
    } catch (error) {
      if (signal.aborted) return
      onTrouble(error)
      await pause()
    }
  }
}
