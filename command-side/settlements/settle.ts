import type { Unsettled } from '../../domain/merchant/command.ts'
import type { SettlementRecorded } from '../../domain/merchant/event.ts'
import type { Dated } from '../../domain/event.ts'
import type { Position } from '../../domain/position.ts'
import type { EventStore } from '../event-store.ts'
import type { ChangeMerchant } from '../merchants/change-merchant.ts'
import { idOf } from '../uuid.ts'
import type { SettlementFilter, UnsettledPostings } from './unsettled.ts'

/** What a run recorded, and a position at which readers see all of it. */
export type SettlementRun = { readonly settled: readonly Dated<SettlementRecorded>[]; readonly position: Position }

/** Settles everything that was in the log when it was called. Throws `ReadModelBehind`. */
export type Settle = (filter: SettlementFilter) => Promise<SettlementRun>

const sideBySide = 64

/**
 * One settlement per merchant and currency with something to settle. Of two runs at once each posting is settled by
 * one only: the merchant's stream takes a settlement only where the last one ended.
 */
export const createSettle = (tools: {
  readonly store: Pick<EventStore, 'head'>
  readonly unsettled: UnsettledPostings
  readonly changeMerchant: ChangeMerchant
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** How long to wait for the read models. */
  readonly waitMs: number
}): Settle => {
  const { store, unsettled, changeMerchant, clock, waitMs } = tools

  const settleOne = async (one: Unsettled): Promise<readonly Dated<SettlementRecorded>[]> => {
    const now = new Date(clock()).toISOString()
    const settlementId = idOf('st', one.merchantId, one.currency, one.from)
    const command = { type: 'settle', now, settlementId, ...one } as const
    const changed = await changeMerchant(one.merchantId, { command, metadata: { cause: 'settlement' } })
    // Refused where another run was first or nothing is left: nothing that this run should tell.
    if (changed.type === 'rejected') return []
    return changed.events.filter((event) => event.type === 'SettlementRecorded')
  }

  return async (filter) => {
    const found = await unsettled(filter, await store.head(), waitMs)
    const settled: Dated<SettlementRecorded>[] = []
    for (let first = 0; first < found.length; first += sideBySide) {
      const group = await Promise.all(found.slice(first, first + sideBySide).map(settleOne))
      settled.push(...group.flat())
    }
    return { settled, position: await store.head() }
  }
}
