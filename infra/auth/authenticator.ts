import { hash, timingSafeEqual } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { EventStore } from '../../command-side/event-store.ts'
import { house } from '../../domain/merchant/role.ts'
import type { Authenticator, Principal } from '../../http/principal.ts'
import { type KeyRing, type Keys, keyRing } from './key-ring.ts'
import { signedTokens } from './signed-tokens.ts'
import { readToken, type Token } from './token.ts'

type Tokens = {
  readonly jwtSecret: string
  /** The clock that tokens expire by. */
  readonly now: () => Date
}

/** What an authenticator needs that asks the store itself. */
export type AuthenticatorNeeds = Tokens & { readonly store: Pick<EventStore, 'streamRevision' | 'readStream'> }

/** Whom an API key was found to speak for while its merchant had these keys, and no others. */
type Known = { readonly merchantId: string; readonly keys: Keys; readonly principal: Principal }

const merchantsKept = 10_000
const credentialsKept = 10_000
const bearer = /^Bearer +([^ ]+) *$/i

const holderOf = ({ merchantId, keyId, secret }: Token, keys: Keys): Principal | undefined => {
  const key = keys.get(keyId)
  if (key === undefined || key.revoked) return undefined
  const given = hash('sha256', secret, 'buffer')
  const issued = Buffer.from(key.hash, 'hex')
  if (issued.length !== given.length || !timingSafeEqual(issued, given)) return undefined
  // The house's keys are never a merchant's, and a merchant's stream never makes anybody more than that merchant.
  if ((key.role === 'merchant') === (merchantId === house)) return undefined
  return key.role === 'merchant' ? { role: key.role, merchantId, keyId } : { role: key.role, keyId }
}

/**
 * Knows API keys by the merchants' streams and signed tokens by their signature. A revoked key is worth nothing from the
 * next request on.
 */
export const createAuthenticator = ({ store, ...tokens }: AuthenticatorNeeds): Authenticator =>
  authenticatorBy(keyRing(store, merchantsKept), tokens)

/**
 * The same, with merchants' keys from `keysOf`: a key is worth what they say. One that was checked is known again by its
 * header until anything happens to its merchant's keys.
 */
export const authenticatorBy = (keysOf: KeyRing, { jwtSecret, now }: Tokens): Authenticator => {
  const signed = signedTokens(jwtSecret, now)
  const known = new LRUCache<string, Known>({ max: credentialsKept })

  return async (authorization = '') => {
    const before = known.get(authorization)
    if (before !== undefined && before.keys === (await keysOf(before.merchantId, before.principal.keyId)))
      return before.principal

    const [, credential] = bearer.exec(authorization) ?? []
    if (credential === undefined) return undefined
    const token = readToken(credential)
    if (token === undefined) return signed(credential)
    const keys = await keysOf(token.merchantId, token.keyId)
    const principal = holderOf(token, keys)
    if (principal !== undefined) known.set(authorization, { merchantId: token.merchantId, keys, principal })
    return principal
  }
}
