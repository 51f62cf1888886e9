import { setTimeout as delay } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { merchantStream, type NewEvent } from '../../domain/event.ts'
import { changesDetails, detailsOf } from '../../domain/merchant/details.ts'
import type { Merchant } from '../../domain/merchant/state.ts'
import { type Position, start } from '../../domain/position.ts'
import { Problem } from '../../http/problem.ts'
import type { EventStore } from '../event-store.ts'
import { inTurn } from '../in-turn.ts'
import { type Accepted, decideInOrder, type MerchantChange, type Rejected } from './decide-in-order.ts'
import type { MerchantCache } from './merchant-cache.ts'
import type { MerchantStates } from './merchant-states.ts'

/** What became of a change. A reader at `position` sees it. */
export type Changed = (Accepted & { readonly position: Position }) | Rejected

/** Decides a command on a merchant and appends what happened. Throws 409 `conflict` when other processes never let it. */
export type ChangeMerchant = (merchantId: string, change: MerchantChange) => Promise<Changed>

type Group = { readonly changes: MerchantChange[]; readonly outcomes: Promise<readonly Changed[]> }

const largestGroup = 256
const maxAttempts = 20
const longestPauseMs = 20
const merchantsKept = 10_000

/**
 * Changes of one merchant go one after another. Those that arrive while an append is under way are decided together,
 * in their order, and become one append: a bulk of payouts costs few flushes.
 *
 * With a cache, which is for stores that are far, a merchant is first taken to be as it was when it was last changed or read here.
 * That costs no read, and where it is not so the append finds the stream changed. A refusal is never decided so.
 */
export const createChangeMerchant = (
  store: EventStore,
  merchants: MerchantStates,
  cache?: Pick<MerchantCache, 'changed'>,
): ChangeMerchant => {
  const turns = inTurn()
  const left = new LRUCache<string, Merchant>({ max: merchantsKept })
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

  const remember = async (before: Merchant, after: Merchant, events: readonly NewEvent[]): Promise<void> => {
    left.set(after.id, after)
    const last = events.findLastIndex(changesDetails)
    if (last !== -1) await cache?.changed(detailsOf(after), before.revision + 1 + last)
  }

  /** Undefined where the stream is not at the merchant's revision, or may not be and something would be refused. */
  const changeOn = async (
    merchant: Merchant,
    isCurrent: boolean,
    merchantId: string,
    changes: readonly MerchantChange[],
  ): Promise<readonly Changed[] | undefined> => {
    const { events, decided, after } = decideInOrder(merchantId, merchant, changes)
    if (!isCurrent && decided.some(({ type }) => type === 'rejected')) return undefined
    const position = events.length === 0 ? start : await appendTo(merchant, merchantId, events)
    if (position === undefined) return undefined
    if (cache !== undefined && events.length > 0) await remember(merchant, after, events)
    return decided.map((one) => (one.type === 'accepted' ? { ...one, position } : one))
  }

  const decideAndAppend = async (
    merchantId: string,
    changes: readonly MerchantChange[],
  ): Promise<readonly Changed[]> => {
    const assumed = left.get(merchantId)
    const early = assumed && (await changeOn(assumed, false, merchantId, changes))
    if (early !== undefined) return early
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      // Uneven pauses, so that processes do not meet again and again.
      if (attempt > 0) await delay(Math.random() * longestPauseMs)
      const merchant = await merchants(merchantId)
      if (cache !== undefined) left.set(merchantId, merchant)
      const changed = await changeOn(merchant, true, merchantId, changes)
      if (changed !== undefined) return changed
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
