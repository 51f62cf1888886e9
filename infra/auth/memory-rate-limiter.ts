import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { RateLimiter } from '../../http/rate-limit.ts'

/** Counts in this process; undefined, which is no limit, when `maxRequests` is 0. */
export const memoryRateLimiter = (maxRequests: number, windowMs: number): RateLimiter | undefined => {
  if (maxRequests === 0) return undefined
  const limiter = new RateLimiterMemory({ points: maxRequests, duration: windowMs / 1_000 })
  return {
    async consume(key) {
      const result = await limiter.consume(key).catch((refused: unknown) => {
        if (refused instanceof RateLimiterRes) return refused
        throw refused
      })
      return {
        allowed: result.consumedPoints <= maxRequests,
        limit: maxRequests,
        remaining: result.remainingPoints,
        resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1_000)),
      }
    },
  }
}
