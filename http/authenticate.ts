import type { Context, MiddlewareHandler } from 'hono'
import type { Role } from '../domain/merchant/role.ts'
import { headerOf } from './headers.ts'
import { addressOf } from './node-bindings.ts'
import type { Authenticator, Edge, Principal } from './principal.ts'
import { Problem } from './problem.ts'
import { type RateLimiter, rateLimited } from './rate-limit.ts'

const unauthenticated = (given: boolean): Problem =>
  new Problem(
    401,
    'unauthenticated',
    given ? 'The key or token is not valid' : 'Send a key as "Authorization: Bearer …"',
    {
      headers: {
        'WWW-Authenticate': given ? 'Bearer realm="daybook", error="invalid_token"' : 'Bearer realm="daybook"',
      },
    },
  )

/**
 * Sets `principal` or answers 401 `unauthenticated`. With `failures`, an address that fails too often gets 429
 * `rateLimited` instead.
 */
export const authenticate =
  (authenticator: Authenticator, failures?: RateLimiter): MiddlewareHandler<Edge> =>
  async (c, next) => {
    const authorization = headerOf(c, 'authorization')
    const principal = await authenticator(authorization)
    if (principal === undefined) {
      await countFailure(c, failures)
      throw unauthenticated(authorization !== undefined)
    }
    c.set('principal', principal)
    await next()
  }

const countFailure = async (c: Context, failures: RateLimiter | undefined): Promise<void> => {
  const use = await failures?.consume(`authentication ${addressOf(c)}`)
  if (use !== undefined && !use.allowed) throw rateLimited(use)
}

/** Throws 403 `forbidden` unless the principal has one of the roles. */
export const requireRole = (principal: Principal, ...roles: readonly Role[]): void => {
  if (roles.includes(principal.role)) return
  throw new Problem(403, 'forbidden', `This needs a key of role ${roles.join(' or ')}`)
}

/**
 * Whose data a request may reach. `none`: a merchant asked for another's, which must look as if it were not there:
 * an empty list, or 404 for a resource.
 */
export type MerchantScope =
  | { readonly type: 'all' }
  | { readonly type: 'one'; readonly merchantId: string }
  | { readonly type: 'none' }

/** A merchant reaches its own data only, other roles all of it or what is of the merchant they ask for. */
export const merchantScope = (principal: Principal, asked?: string): MerchantScope => {
  if (principal.role !== 'merchant') return asked === undefined ? { type: 'all' } : { type: 'one', merchantId: asked }
  const { merchantId } = principal
  if (merchantId === undefined || (asked !== undefined && asked !== merchantId)) return { type: 'none' }
  return { type: 'one', merchantId }
}
