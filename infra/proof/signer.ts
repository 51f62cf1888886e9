import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import type { Signer } from '../../proof/note.ts'

/** A new key as PEM (PKCS 8). */
export const newKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** The signer with the key of a PEM text. Throws a `RangeError` for what is no private key for Ed25519, without quoting it. */
export const signerOf = (name: string, pem: string): Signer => {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return { name, key }
  } catch {
    // What the library says may quote the text.
  }
  throw new RangeError('is no private key for Ed25519 in PEM')
}
