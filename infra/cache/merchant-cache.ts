import { LRUCache } from 'lru-cache'
import type { EventStore } from '../../command-side/event-store.ts'
import type { MerchantCache as CommandsCache } from '../../command-side/merchants/merchant-cache.ts'
import { merchantStream, type RecordedEvent } from '../../domain/event.ts'
import { changesDetails, detailsOf, type MerchantDetails } from '../../domain/merchant/details.ts'
import { evolveMerchant, initialMerchant } from '../../domain/merchant/evolve.ts'
import { asStoreBusy } from './as-store-busy.ts'
import { type Cached, cachedOver, type Tiers } from './cached-over.ts'
import { merchantText } from './merchant-text.ts'
import type { Versioned } from './versioned.ts'

type Streams = Pick<EventStore, 'readStream'>

/** What a stream's events up to `revision` say of a merchant; `version` is the last of them that said something. */
type Known = { readonly details: MerchantDetails; readonly version: number; readonly revision: number }

const nothing: Known = { details: detailsOf(initialMerchant), version: -1, revision: -1 }
const merchantsKept = 10_000
const pageSize = 1_000

const withEvent = ({ details, version }: Known, event: RecordedEvent): Known => {
  const { revision } = event
  if (!changesDetails(event)) return { details, version, revision }
  // Its money is not looked at, so what it has of that may be nothing.
  return { details: detailsOf(evolveMerchant({ ...initialMerchant, ...details }, event)), version: revision, revision }
}

/** Details from the merchants' streams: one read where nothing is new, and only what is new is read. */
const fromStreams = ({
  readStream,
}: Streams): ((merchantId: string) => Promise<Versioned<MerchantDetails> | undefined>) => {
  const kept = new LRUCache<string, Known>({ max: merchantsKept })
  return async (merchantId) => {
    let known = kept.get(merchantId) ?? nothing
    for (;;) {
      const page = await readStream(merchantStream(merchantId), known.revision + 1, pageSize)
      known = page.reduce(withEvent, known)
      if (page.length < pageSize) break
    }
    if (known.version === -1) return undefined
    kept.set(merchantId, known)
    return { version: known.version, value: known.details }
  }
}

/** Merchants' details, cached. */
export type MerchantCache = CommandsCache & {
  /** As `Cached` has it. */
  readonly get: Cached<MerchantDetails>['get']
  /** Outdates what these events change. To be told before they are applied: then no crash passes one over. Never rejects. */
  hear(events: readonly RecordedEvent[]): Promise<void>
}

const atOnce = 128

/**
 * A merchant's details and its credentials' hashes, which belong to every request: from this process's memory for a
 * second, from what all share for half an hour, else from the merchant's stream. The version of the details is the
 * revision of the event that last changed them, so that the many events of payouts outdate nothing.
 *
 * A key that is revoked works no longer where that was done. Elsewhere it does until the projector has seen its event,
 * or the instance that revoked it has written the shared tier, whichever is first, and then for the second that each
 * instance believes its own memory; for five seconds while Redis is away. Only where neither of the two can write Redis
 * and both end before they can, or where a failover of Redis loses what they wrote, is it half an hour.
 */
export const createMerchantCache = (store: Streams, tiers: Tiers): MerchantCache => {
  const cached = cachedOver(tiers, 'merchant', { load: fromStreams(store), ...merchantText })
  return {
    get: cached.get,
    details: async (merchantId) => {
      try {
        return (await cached.get(merchantId))?.value
      } catch (error) {
        throw asStoreBusy(error)
      }
    },
    changed: (details, version) => cached.put(details.id, { version, value: details }),
    hear: async (events) => {
      const versions = new Map(
        events.flatMap((event) => (changesDetails(event) ? [[event.data.merchantId, event.revision] as const] : [])),
      )
      const all = [...versions]
      for (let first = 0; first < all.length; first += atOnce)
        await Promise.all(all.slice(first, first + atOnce).map((each) => cached.forgetOlder(...each)))
    },
  }
}
