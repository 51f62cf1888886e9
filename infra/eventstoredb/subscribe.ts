import { type AllStreamSubscription, type ResolvedEvent, streamNameFilter } from '@eventstore/db-client'
import { setTimeout as sleep } from 'node:timers/promises'
import { positionOf, type Position, sequenceIn } from '../../domain/position.ts'
import type { LogBatch } from '../../projections/log-reader.ts'
import { UnreadableEvent } from '../codec/unreadable-event.ts'
import { readAllOf, type Source } from './read.ts'
import { ourStreams, placeOf, recorded } from './recorded.ts'

const batchLimit = 2_000
/** So many may wait for a consumer that is busy; then the subscription is left, and what is missed is read in pages. */
const mostWaiting = 10_000
const firstPauseMs = 50
const longestPauseMs = 2_000
const silentMs = 30_000

/** A subscription from `after` on, which ends when it is dropped, when the server is gone, or when too much waits. */
async function* live({ connection, log }: Source, after: number, signal: AbortSignal): AsyncGenerator<LogBatch> {
  let waiting: ResolvedEvent[] = []
  let failure: Error | undefined
  let ended = false
  let wake = (): void => undefined
  const change = (): Promise<void> => new Promise((resolve) => (wake = resolve))
  const end = (error?: Error): void => {
    failure ??= error
    ended = true
    wake()
  }
  const fromPosition = placeOf(after)
  const filter = streamNameFilter({ prefixes: ourStreams })
  const subscription: AllStreamSubscription = await connection.call(
    async (client) => client.subscribeToAll({ fromPosition, filter }),
    silentMs,
  )
  const onAbort = (): void => end()
  if (signal.aborted) end()
  else signal.addEventListener('abort', onAbort, { once: true })
  subscription
    .on('data', (event: ResolvedEvent) => {
      waiting.push(event)
      if (waiting.length > mostWaiting) end()
      wake()
    })
    .on('error', end)
    .on('end', end)
    .on('close', end)
  try {
    for (;;) {
      if (waiting.length > 0) {
        const events = waiting.map((event) => recorded(event, log))
        waiting = []
        const last = events.at(-1)
        if (last !== undefined) yield { events, position: positionOf(last) }
      } else if (ended) {
        if (failure !== undefined) throw failure
        return
      } else await change()
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    // The server may be silent, and nobody needs to hear that it has understood.
    subscription.unsubscribe().catch(() => undefined)
  }
}

/**
 * Batches after `from` without end. What is far behind is read in pages, what is near comes by subscription; whenever that
 * is dropped (the server drops those who are slow) or the server is gone, it goes on after the last event that was taken,
 * so that none is left out. Checkpoints of the server are not used: they may be ahead of what was taken.
 */
export async function* subscribeTo(
  source: Source,
  from: Position,
  signal: AbortSignal,
  onTrouble: (error: unknown) => void,
): AsyncGenerator<LogBatch> {
  let position = from
  let pauseMs = firstPauseMs
  while (!signal.aborted) {
    try {
      const batch = await readAllOf(source, position, batchLimit)
      if (batch.events.length > 0) {
        yield batch
        position = batch.position
      } else {
        for await (const next of live(source, sequenceIn(position, source.log), signal)) {
          yield next
          position = next.position
          pauseMs = firstPauseMs
          if (signal.aborted) return
        }
      }
    } catch (error) {
      // The same event would be unreadable the next time.
      if (error instanceof UnreadableEvent) throw error
      onTrouble(error)
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
      pauseMs = Math.min(2 * pauseMs, longestPauseMs)
    }
  }
}
