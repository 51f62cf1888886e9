import { type AllStreamSubscription, type ResolvedEvent, streamNameFilter } from '@eventstore/db-client'
import { positionOf } from '../../domain/position.ts'
import type { LogBatch } from '../../projections/log-reader.ts'
import { lastSequence, type Source } from './read.ts'
import { asItIs, ourStreams, placeOf, sequenceOf } from './recorded.ts'

/** A store to be followed, and how long it may be quiet before it is asked whether there is nothing new. */
export type LiveSource = Source & { readonly quietMs: number }

/** The server has events that a subscription did not bring: it is dead, and nobody has said so. */
export class DeadSubscription extends Error {
  override name = 'DeadSubscription'
}

/** So many may wait for a consumer that is busy; then the subscription is left, and what is missed is read in pages. */
const mostWaiting = 10_000
/** How long an event may be in the log and not have come yet. */
const onItsWayMs = 1_000

/**
 * Batches of at most `limit` events by a subscription from `after` on, which ends when it is dropped, when the server is
 * gone, or when too much waits; rejects where it has failed, or has died without a word.
 */
export async function* live(
  source: LiveSource,
  after: number,
  limit: number,
  signal: AbortSignal,
): AsyncGenerator<LogBatch> {
  const { connection, log, quietMs } = source
  let waiting: ResolvedEvent[] = []
  let come = after
  let failure: Error | undefined
  let ended = false
  let wake = (): void => undefined
  const change = (timeoutMs: number): Promise<'changed' | 'quiet'> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve('quiet'), timeoutMs)
      wake = () => {
        clearTimeout(timer)
        resolve('changed')
      }
    })
  const end = (error?: Error): void => {
    failure ??= error
    ended = true
    wake()
  }
  const fromPosition = placeOf(after)
  const filter = streamNameFilter({ prefixes: ourStreams })
  const subscription: AllStreamSubscription = await connection.call(
    async (client) => client.subscribeToAll({ fromPosition, filter }),
    source.callMs,
  )
  // The server may be silent, and nobody needs to hear that it has understood.
  const leave = (): void => void subscription.unsubscribe().catch(() => undefined)
  const take = (event: ResolvedEvent): void => {
    // What was left may still bring what was on its way.
    if (ended) return
    waiting.push(event)
    come = sequenceOf(event)
    if (waiting.length >= mostWaiting) {
      end()
      leave()
    }
    wake()
  }
  const onAbort = (): void => end()
  if (signal.aborted) end()
  else signal.addEventListener('abort', onAbort, { once: true })
  subscription.on('data', take).on('error', end).on('end', end).on('close', end)

  try {
    for (let isBehind = false; ; ) {
      if (waiting.length > 0) {
        isBehind = false
        const events = waiting.slice(0, limit).map((event) => asItIs(event, log))
        waiting = waiting.slice(limit)
        const last = events.at(-1)
        if (last !== undefined) yield { events, position: positionOf(last) }
      } else if (ended) {
        if (failure !== undefined) throw failure
        return
      } else if ((await change(isBehind ? onItsWayMs : quietMs)) === 'quiet') {
        if (isBehind) throw new DeadSubscription(`a subscription brought nothing after ${come}`)
        const seen = come
        isBehind = (await lastSequence(source)) > seen && come === seen
      }
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    leave()
  }
}
