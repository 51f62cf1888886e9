import { LRUCache } from 'lru-cache'
import type { EventStore } from '../../command-side/event-store.ts'
import { merchantStream, type RecordedEvent } from '../../domain/event.ts'
import type { ApiKey } from '../../domain/merchant/state.ts'

/** A merchant's keys by their ids; another map as soon as one is issued or revoked. */
export type Keys = ReadonlyMap<string, ApiKey>
type Ring = { readonly keys: Keys; readonly revision: number }

const pageSize = 1_000

const withEvent = (keys: Keys, event: RecordedEvent): Keys => {
  if (event.type === 'ApiKeyIssued') {
    const { keyId, hash, role } = event.data
    return new Map(keys).set(keyId, { id: keyId, hash, role, revoked: false })
  }
  if (event.type === 'ApiKeyRevoked') {
    const key = keys.get(event.data.keyId)
    return key === undefined ? keys : new Map(keys).set(key.id, { ...key, revoked: true })
  }
  return keys
}

/** The keys of a merchant, with this one among them if there is it. */
export type KeyRing = (merchantId: string, keyId: string) => Promise<Keys>

/**
 * Folds merchants' keys and keeps the last `max` merchants. Each call asks the store for the stream's revision and reads
 * only what is new, so that a revocation by any process counts from the next request on. It folds keys alone and not
 * the merchant: streams grow with every payout, and this runs before every request.
 */
export const keyRing = (store: Pick<EventStore, 'streamRevision' | 'readStream'>, max: number): KeyRing => {
  const rings = new LRUCache<string, Ring>({ max })
  return async (merchantId) => {
    const stream = merchantStream(merchantId)
    const head = await store.streamRevision(stream)
    let { keys, revision }: Ring = rings.get(merchantId) ?? { keys: new Map(), revision: -1 }
    if (head === 'none' || revision >= head) return keys
    while (revision < head) {
      const events = await store.readStream(stream, revision + 1, pageSize)
      if (events.length === 0) break
      keys = events.reduce(withEvent, keys)
      revision += events.length
    }
    rings.set(merchantId, { keys, revision })
    return keys
  }
}
