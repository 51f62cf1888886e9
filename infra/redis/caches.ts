import type { Tiers } from '../cache/cached-over.ts'
import { createInProcessStatusCache } from '../cache/in-process-status-cache.ts'
import { kinds } from '../cache/kinds.ts'
import { tieredStatusCache } from '../cache/tiered-status-cache.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { RedisConnection } from './connection.ts'
import { redisSharedTier } from './shared-tier.ts'
import { type RedisStatusCache, redisStatusCache } from './status-cache.ts'

type Counts = Pick<Metrics, 'cacheLookup' | 'cacheUnavailable'>

/** Everything a process caches, with what all instances share in Redis. */
export type RedisCaches = {
  /** For `createMerchantCache`, and for whatever else is `cachedOver` them. */
  readonly tiers: Tiers
  /** Statuses in Redis alone, for a projector. */
  readonly sharedStatuses: RedisStatusCache
  /** Statuses for the query side: in this process's memory for a second, then in Redis. */
  readonly statuses: ReturnType<typeof tieredStatusCache>
  /** Ends what is done beside; the connection is left as it is. */
  end(): void
}

const ownStatuses = { maxEntries: 100_000, maxBytes: 64 * 1024 * 1024, ttlMs: kinds.status.ownMs }

/** Where each instance has its own memory alone. */
export const ownTiers = ({ cacheLookup, cacheUnavailable }: Counts): Tiers => ({
  shared: undefined,
  onLookup: cacheLookup,
  onUnavailable: cacheUnavailable,
})

/** Counts in `metrics`; `onTrouble` hears of each attempt at Redis that failed. */
export const redisCaches = (
  connection: RedisConnection,
  metrics: Counts,
  onTrouble: (error: unknown) => void,
): RedisCaches => {
  const shared = redisSharedTier(connection, onTrouble)
  const sharedStatuses = redisStatusCache(connection, {
    onLookup: (result) => {
      if (result === 'unavailable') metrics.cacheUnavailable('status')
      else metrics.cacheLookup('status', 'redis', result)
    },
    onTrouble,
  })
  const own = createInProcessStatusCache(ownStatuses, (result) => metrics.cacheLookup('status', 'process', result))
  return {
    tiers: { ...ownTiers(metrics), shared },
    sharedStatuses,
    statuses: tieredStatusCache(own, sharedStatuses),
    end: () => {
      shared.end()
      sharedStatuses.end()
    },
  }
}
