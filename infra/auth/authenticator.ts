import { hash, timingSafeEqual } from 'node:crypto'
import type { EventStore } from '../../command-side/event-store.ts'
import { house } from '../../domain/merchant/role.ts'
import type { Authenticator, Principal } from '../../http/principal.ts'
import { keyRing } from './key-ring.ts'
import { signedTokens } from './signed-tokens.ts'
import { readToken, type Token } from './token.ts'

/** What an authenticator needs. `now` is the clock that tokens expire by. */
export type AuthenticatorNeeds = {
  readonly store: Pick<EventStore, 'streamRevision' | 'readStream'>
  readonly jwtSecret: string
  readonly now: () => Date
}

const merchantsKept = 10_000
const bearer = /^Bearer +([^ ]+) *$/i

/** Knows API keys by the merchants' streams and signed tokens by their signature. */
export const createAuthenticator = ({ store, jwtSecret, now }: AuthenticatorNeeds): Authenticator => {
  const keysOf = keyRing(store, merchantsKept)
  const signed = signedTokens(jwtSecret, now)

  const holderOf = async ({ merchantId, keyId, secret }: Token): Promise<Principal | undefined> => {
    const key = (await keysOf(merchantId)).get(keyId)
    if (key === undefined || key.revoked) return undefined
    const given = hash('sha256', secret, 'buffer')
    const issued = Buffer.from(key.hash, 'hex')
    if (issued.length !== given.length || !timingSafeEqual(issued, given)) return undefined
    // The house's keys are never a merchant's, and a merchant's stream never makes anybody more than that merchant.
    if ((key.role === 'merchant') === (merchantId === house)) return undefined
    return key.role === 'merchant' ? { role: key.role, merchantId, keyId } : { role: key.role, keyId }
  }

  return async (authorization) => {
    const [, credential] = bearer.exec(authorization ?? '') ?? []
    if (credential === undefined) return undefined
    const token = readToken(credential)
    return token === undefined ? signed(credential) : holderOf(token)
  }
}
