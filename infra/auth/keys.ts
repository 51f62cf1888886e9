import { createHmac, hash, randomBytes } from 'node:crypto'
import { writeToken } from './token.ts'

/** An API key at the moment it is made. Only `keyId` and `hash` are kept; the token is shown once. */
export type NewKey = { readonly token: string; readonly keyId: string; readonly hash: string }

/** SHA-256 of a key's secret in hex, as `ApiKeyIssued` holds it. */
export const hashOf = (secret: string): string => hash('sha256', secret)

const keyOf = (merchantId: string, keyId: string, secret: string): NewKey => ({
  token: writeToken({ merchantId, keyId, secret }),
  keyId,
  hash: hashOf(secret),
})

/** A new key for a merchant, or for `house` where the role is not a merchant's. */
export const newKey = (merchantId: string): NewKey =>
  keyOf(merchantId, `key_${randomBytes(8).toString('hex')}`, randomBytes(32).toString('base64url'))

/** A merchant's demo key: always the same for one installation, so that it can be shown again without being stored. */
export const demoKey = (installationSecret: string, merchantId: string): NewKey =>
  keyOf(
    merchantId,
    'demo',
    createHmac('sha256', installationSecret).update(`demo key of ${merchantId}`).digest('base64url'),
  )
