import { setTimeout as delay } from 'node:timers/promises'
import { merchantStream, type NewEvent } from '../../domain/event.ts'
import type { Merchant } from '../../domain/merchant/state.ts'
import { type Position, start } from '../../domain/position.ts'
import { Problem } from '../../http/problem.ts'
import type { EventStore } from '../event-store.ts'
import { inTurn } from '../in-turn.ts'
import { type Accepted, decideInOrder, type MerchantChange, type Rejected } from './decide-in-order.ts'
import type { MerchantStates } from './merchant-states.ts'

/** What became of a change. A reader at `position` sees it. */
export type Changed = (Accepted & { readonly position: Position }) | Rejected

/** Decides a command on a merchant and appends what happened. Throws 409 `conflict` when other processes never let it. */
export type ChangeMerchant = (merchantId: string, change: MerchantChange) => Promise<Changed>

type Group = { readonly changes: MerchantChange[]; readonly outcomes: Promise<readonly Changed[]> }

const largestGroup = 256
const maxAttempts = 20
const longestPauseMs = 20

/**
 * Changes of one merchant go one after another. Those that arrive while an append is under way are decided together,
 * in their order, and become one append: a bulk of payouts costs few flushes.
 */
export const createChangeMerchant = (store: EventStore, merchants: MerchantStates): ChangeMerchant => {
  const turns = inTurn()
  const waiting = new Map<string, Group>()

  const appendTo = async (
    merchant: Merchant,
    merchantId: string,
    events: readonly NewEvent[],
  ): Promise<Position | undefined> => {
    const expected = merchant.revision === -1 ? 'none' : merchant.revision
    const result = await store.append(merchantStream(merchantId), expected, events)
    return result.type === 'appended' ? result.position : undefined
  }

  const decideAndAppend = async (
    merchantId: string,
    changes: readonly MerchantChange[],
  ): Promise<readonly Changed[]> => {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      // Uneven pauses, so that processes do not meet again and again.
      if (attempt > 0) await delay(Math.random() * longestPauseMs)
      const merchant = await merchants(merchantId)
      const { events, decided } = decideInOrder(merchantId, merchant, changes)
      const position = events.length === 0 ? start : await appendTo(merchant, merchantId, events)
      if (position !== undefined) return decided.map((one) => (one.type === 'accepted' ? { ...one, position } : one))
    }
    throw new Problem(409, 'conflict', 'The merchant kept changing; try again', { headers: { 'Retry-After': '1' } })
  }

  const begin = (merchantId: string): Group => {
    const changes: MerchantChange[] = []
    const outcomes = turns(merchantId, () => {
      if (waiting.get(merchantId) === group) waiting.delete(merchantId)
      return decideAndAppend(merchantId, changes)
    })
    const group = { changes, outcomes }
    waiting.set(merchantId, group)
    return group
  }

  return async (merchantId, change) => {
    const open = waiting.get(merchantId)
    const group = open === undefined || open.changes.length === largestGroup ? begin(merchantId) : open
    const place = group.changes.push(change) - 1
    const outcome = (await group.outcomes)[place]
    if (outcome === undefined) throw new Error('A change was passed over')
    return outcome
  }
}
