import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { setHeader } from './headers.ts'
import { addressOf } from './node-bindings.ts'
import type { Edge, Principal } from './principal.ts'
import { Problem } from './problem.ts'

/** What one use of an allowance came to. `resetSeconds`: until the allowance is full again, rounded up. */
export type RateLimitUse = {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  readonly resetSeconds: number
}

/** Counts uses per key in a window of time. */
export type RateLimiter = { consume(key: string): Promise<RateLimitUse> }

const headersOf = (use: RateLimitUse): Readonly<Record<string, string>> => ({
  'RateLimit-Limit': String(use.limit),
  'RateLimit-Remaining': String(use.remaining),
  'RateLimit-Reset': String(use.resetSeconds),
})

/** The 429 of a used-up allowance. */
export const rateLimited = (use: RateLimitUse): Problem =>
  new Problem(429, 'rateLimited', `Too many requests; try again in ${use.resetSeconds} s`, {
    headers: { ...headersOf(use), 'Retry-After': String(use.resetSeconds) },
  })

/** Who an allowance belongs to: the merchant, the key of another role, or the address of nobody we know. */
const holderOf = (c: Context<Edge>): string => {
  // Absent on routes that need no key, whatever the type says.
  const principal = c.get('principal') as Principal | undefined
  if (principal === undefined) return `address ${addressOf(c)}`
  return principal.merchantId === undefined ? `key ${principal.keyId}` : `merchant ${principal.merchantId}`
}

/** One allowance per merchant (or key, or address) and endpoint; 429 `rateLimited` beyond it. Without a limiter, no limit. */
export const rateLimit =
  (limiter: RateLimiter | undefined): MiddlewareHandler<Edge> =>
  async (c, next) => {
    if (limiter === undefined) return next()
    const use = await limiter.consume(`${holderOf(c)} ${c.req.method} ${routePath(c, -1)}`)
    if (!use.allowed) throw rateLimited(use)
    for (const [name, value] of Object.entries(headersOf(use))) setHeader(c, name, value)
    await next()
  }
