import { setTimeout as sleep } from 'node:timers/promises'
import type { Payment, ReadPayment } from './read-payment.ts'

/** How long nothing may change before the rest is left as it is, and how often it is looked at. */
export type OutcomePatience = { readonly patienceMs: number; readonly pauseMs: number }

const atOnce = 16

/**
 * Reads payments that were answered as pending until their outcome is known: a crash of the server leaves such behind,
 * and it asks the gateway about them once it is back. What two looks say is believed. Ends early when patience ends or
 * `stop` is aborted.
 */
export const awaitOutcomes = async (
  read: ReadPayment,
  ids: readonly string[],
  { patienceMs, pauseMs }: OutcomePatience,
  stop: AbortSignal,
): Promise<ReadonlyMap<string, Payment>> => {
  const known = new Map<string, Payment>()
  const seen = new Map<string, string>()
  let open = ids
  let lastChange = Date.now()
  while (open.length > 0 && !stop.aborted && Date.now() - lastChange < patienceMs) {
    const queue = [...open]
    const worker = async (): Promise<void> => {
      for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
        const payment = await read(id)
        if (payment?.status === undefined || payment.status === 'pending') continue
        // It may be seen between two events of one outcome; a cache believes that for a second.
        if (seen.get(id) === payment.status) known.set(id, payment)
        seen.set(id, payment.status)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    const before = open.length
    open = open.filter((id) => !known.has(id))
    if (open.length < before) lastChange = Date.now()
    if (open.length > 0) await sleep(pauseMs, undefined, { signal: stop }).catch(() => undefined)
  }
  return known
}
