import type { EventStore } from '../../command-side/event-store.ts'
import { createMerchantCache, type MerchantCache } from '../../infra/cache/merchant-cache.ts'
import type { Config } from '../../infra/config/load-config.ts'
import { connectRedis } from '../../infra/redis/connection.ts'
import { redisSharedTier } from '../../infra/redis/shared-tier.ts'
import { redisSettings } from '../engines/caches.ts'

/** Connecting takes its time too. */
const patienceMs = 3_000
const retries = patienceMs / 10

/**
 * Does something with the cache of merchants that all instances share; undefined where there is none. `onUntold`: it could
 * not be told in time, and others go by what they have until the projections tell them.
 */
export const withMerchantCache = async <T>(
  config: Config,
  store: EventStore,
  onUntold: () => void,
  work: (cache: MerchantCache | undefined) => Promise<T>,
): Promise<T> => {
  if (config.CACHE !== 'redis' || config.EVENT_STORE === 'lmdb') return work(undefined)
  const connection = connectRedis({ ...redisSettings(config), retries }, patienceMs, () => undefined)
  const shared = redisSharedTier(connection, () => undefined)
  try {
    return await work(createMerchantCache(store, { shared, onLookup: () => undefined, onUnavailable: onUntold }))
  } finally {
    shared.end()
    await connection.close()
  }
}
