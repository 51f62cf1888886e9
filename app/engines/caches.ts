import type { RecordedEvent } from '../../domain/event.ts'
import type { RateLimiter } from '../../http/rate-limit.ts'
import { memoryRateLimiter } from '../../infra/auth/memory-rate-limiter.ts'
import type { Tiers } from '../../infra/cache/cached-over.ts'
import { createInProcessStatusCache } from '../../infra/cache/in-process-status-cache.ts'
import { kinds } from '../../infra/cache/kinds.ts'
import { outdatedBy } from '../../infra/cache/outdated-by.ts'
import type { Config } from '../../infra/config/load-config.ts'
import { redisNodes } from '../../infra/config/places.ts'
import { tlsOf } from '../../infra/config/tls.ts'
import { ownTiers, redisCaches } from '../../infra/redis/caches.ts'
import { connectRedis, type RedisSettings } from '../../infra/redis/connection.ts'
import { redisRateLimiter } from '../../infra/redis/rate-limiter.ts'
import type { StatusEntry } from '../../projections/status-cache.ts'
import type { StatusCache } from '../../query-side/status-cache.ts'
import type { Surroundings } from '../ground.ts'
import { nowAndThen } from './now-and-then.ts'

/** What a process caches, alone or with all others. */
export type Caches = {
  /** For everything but statuses. */
  readonly tiers: Tiers
  /** Statuses for reads. */
  readonly statuses: StatusCache
  /** Takes in statuses that this process was told of. */
  readonly hear: (entries: readonly StatusEntry[]) => void
  /** Puts statuses where all processes find them; absent where there is no such place. */
  readonly share?: (entries: readonly StatusEntry[]) => Promise<void>
  /** Lets nobody find there what these events outdate. To be told before they are applied. */
  readonly outdate?: (events: readonly RecordedEvent[]) => Promise<void>
  /** Counts requests; undefined for no limit. */
  readonly limiter: RateLimiter | undefined
}

const bounds = { maxEntries: 100_000, maxBytes: 64 * 1_024 * 1_024 }

const alone = ({ metrics }: Surroundings, limiter: RateLimiter | undefined, isTold: boolean): Caches => {
  // Nobody tells a process of its own what has changed, so it must not believe for long what it has seen.
  const ttlMs = isTold ? kinds.status.sharedMs : kinds.status.ownMs
  const statuses = createInProcessStatusCache({ ...bounds, ttlMs }, (result) =>
    metrics.cacheLookup('status', 'process', result),
  )
  return {
    tiers: ownTiers(metrics),
    statuses,
    hear: (entries) => {
      for (const entry of entries) statuses.put(entry)
    },
    limiter,
  }
}

/** Where Redis is, and how to get in. */
export const redisSettings = (config: Config): RedisSettings => {
  const tls = tlsOf(config.REDIS_TLS, config.REDIS_TLS_CA)
  const { REDIS_USERNAME: username, REDIS_PASSWORD: password } = config
  return {
    nodes: redisNodes(config),
    cluster: config.REDIS_CLUSTER_MODE,
    retries: config.REDIS_MAX_RETRIES,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { tls }),
  }
}

/** Opens the caches that are chosen. `isTold`: whether this process hears of each status that changes. */
export const openCaches = (surroundings: Surroundings, isTold: boolean): Caches => {
  const { config, metrics, log, teardown } = surroundings
  const limiter = memoryRateLimiter(config.RATE_LIMIT_MAX_REQUESTS, config.RATE_LIMIT_WINDOW)
  if (config.CACHE === 'in-process') return alone(surroundings, limiter, isTold)
  const onTrouble = nowAndThen((error, times) => log.warn({ err: error, times }, 'Redis could not be used'))
  const connection = connectRedis(redisSettings(config), config.REDIS_TIMEOUT, onTrouble)
  teardown.add('the connection to Redis', () => connection.close())
  const { tiers, statuses, sharedStatuses, end } = redisCaches(connection, metrics, onTrouble)
  teardown.add('what Redis has to forget', async () => end())
  const limits = { maxRequests: config.RATE_LIMIT_MAX_REQUESTS, windowMs: config.RATE_LIMIT_WINDOW, onTrouble }
  return {
    tiers,
    statuses,
    hear: () => undefined,
    share: (entries) => sharedStatuses.putAll(entries),
    outdate: (events) => sharedStatuses.outdateAll(outdatedBy(events)),
    limiter: limiter === undefined ? undefined : redisRateLimiter(connection, { ...limits, alone: limiter }),
  }
}
