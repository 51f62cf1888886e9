import { LRUCache } from 'lru-cache'
import { merchantStream, type RecordedEvent } from '../../domain/event.ts'
import type { MerchantEvent } from '../../domain/merchant/event.ts'
import { evolveMerchant, initialMerchant } from '../../domain/merchant/evolve.ts'
import type { Merchant } from '../../domain/merchant/state.ts'
import type { EventStore } from '../event-store.ts'
import { inTurn } from '../in-turn.ts'

/** A merchant as its stream has it now; `initialMerchant` for one that has no stream. */
export type MerchantStates = (merchantId: string) => Promise<Merchant>

const pageSize = 1_000

/**
 * Folds merchants and keeps the last `max` of them. Each call asks the store for the stream's revision and reads only
 * what is new, so that it sees what other processes have appended; calls of the same moment ask once.
 */
export const createMerchantStates = (
  store: Pick<EventStore, 'streamRevision' | 'readStream'>,
  max: number,
): MerchantStates => {
  const kept = new LRUCache<string, Merchant>({ max })
  const turns = inTurn()
  // Commands of a group ask for the same few merchants at the same moment: none can have heard of more than the first.
  const asked = new Map<string, Promise<Merchant>>()

  const readUpTo = async (merchantId: string, head: number): Promise<Merchant> => {
    let merchant = kept.get(merchantId) ?? initialMerchant
    while (merchant.revision < head) {
      const page = await readPage(store, merchantId, merchant.revision + 1)
      if (page.length === 0) throw new Error(`The stream of merchant ${merchantId} ends before its revision`)
      merchant = page.reduce(evolveMerchant, merchant)
    }
    kept.set(merchantId, merchant)
    return merchant
  }

  const upToDate = async (merchantId: string): Promise<Merchant> => {
    const head = await store.streamRevision(merchantStream(merchantId))
    if (head === 'none') return initialMerchant
    const merchant = kept.get(merchantId)
    if (merchant !== undefined && merchant.revision >= head) return merchant
    // In turn, so that many who want the same merchant at once fold its stream once.
    return turns(merchantId, () => readUpTo(merchantId, head))
  }

  return (merchantId) => {
    const begun = asked.get(merchantId)
    if (begun !== undefined) return begun
    const answer = upToDate(merchantId)
    asked.set(merchantId, answer)
    queueMicrotask(() => asked.delete(merchantId))
    return answer
  }
}

const readPage = async (store: Pick<EventStore, 'readStream'>, merchantId: string, from: number) =>
  // A merchant's stream holds merchant events only: nothing else is ever appended to it.
  (await store.readStream(merchantStream(merchantId), from, pageSize)) as readonly RecordedEvent<MerchantEvent>[]
