import type { RateLimiter } from '../../http/rate-limit.ts'
import { redisBreaker } from './breaker.ts'
import type { RedisConnection } from './connection.ts'

export type RedisRateLimiterOptions = {
  readonly maxRequests: number
  readonly windowMs: number
  /** Counts while Redis does not: each instance for itself, so that there is a limit all the same. */
  readonly alone: RateLimiter
  /** Milliseconds since 1970; the system's clock when absent. */
  readonly clock?: () => number
  readonly onTrouble: (error: unknown) => void
}

const rateLimitKey = (key: string, window: number): string => `ratelimit:${key}:${window}`

/** Counts for all instances, in windows that begin at the same moments for everybody. */
export const redisRateLimiter = (
  connection: RedisConnection,
  { maxRequests, windowMs, alone, clock = Date.now, onTrouble }: RedisRateLimiterOptions,
): RateLimiter => {
  const breaker = redisBreaker(onTrouble)
  return {
    consume: async (key) => {
      const now = clock()
      const window = Math.floor(now / windowMs)
      const used = await breaker.attempt(() => connection.run('count', rateLimitKey(key, window), String(windowMs)))
      if (typeof used !== 'number') return alone.consume(key)
      return {
        allowed: used <= maxRequests,
        limit: maxRequests,
        remaining: Math.max(0, maxRequests - used),
        resetSeconds: Math.max(1, Math.ceil(((window + 1) * windowMs - now) / 1_000)),
      }
    },
  }
}
