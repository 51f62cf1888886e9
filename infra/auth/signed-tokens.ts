import { hash } from 'node:crypto'
import { errors, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import { Value } from 'typebox/value'
import { house, type Role, roles } from '../../domain/merchant/role.ts'
import { MerchantIdSchema } from '../../domain/text.ts'
import type { Principal } from '../../http/principal.ts'

type Verified = { readonly principal: Principal; readonly expiresAtMs: number }

const tokensKept = 10_000

const isRole = (value: unknown): value is Role => roles.some((role) => role === value)

const principalOf = (role: unknown, merchant: unknown, keyId: string): Principal | undefined => {
  if (!isRole(role)) return undefined
  if (role !== 'merchant') return merchant === undefined ? { role, keyId } : undefined
  if (!Value.Check(MerchantIdSchema, merchant) || merchant === house) return undefined
  return { role, merchantId: merchant, keyId }
}

/** Verifies HS256 tokens with an expiry. A token seen to be good is known by its hash until it expires. */
export const signedTokens = (secret: string, now: () => Date): ((token: string) => Promise<Principal | undefined>) => {
  const key = new TextEncoder().encode(secret)
  const verified = new LRUCache<string, Verified>({ max: tokensKept })

  const verify = async (token: string): Promise<Verified | undefined> => {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        requiredClaims: ['exp', 'role'],
        currentDate: now(),
      })
      const principal = principalOf(payload['role'], payload['merchant'], payload.jti ?? 'signedToken')
      return principal && { principal, expiresAtMs: (payload.exp ?? 0) * 1_000 }
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined
      throw error
    }
  }

  return async (token) => {
    const digest = hash('sha256', token, 'base64url')
    const known = verified.get(digest)
    if (known !== undefined && known.expiresAtMs > now().getTime()) return known.principal
    const fresh = await verify(token)
    if (fresh === undefined) return undefined
    verified.set(digest, fresh)
    return fresh.principal
  }
}
