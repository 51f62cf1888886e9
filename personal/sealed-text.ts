import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto'
import { UnreadableEvent } from '../http/unreadable-event.ts'
import type { SlotKey } from './key-store.ts'

const algorithm = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16

/** Random bytes for many initialization vectors: asking for those of each would cost half as much as sealing does. */
const pool = Buffer.alloc(256 * ivBytes)
let used = pool.length

const newIv = (): Buffer => {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += ivBytes
  return pool.subarray(used - ivBytes, used)
}

/**
 * Seals a text: `sealed:<slot>:<base64url of initialization vector, ciphertext and tag>`, AES-256-GCM (NIST SP 800-38D).
 * `place` is authenticated with it, so that it opens nowhere else. The text is sealed as JSON, which has a form in UTF-8
 * for every string there can be.
 */
export const seal = ({ slot, key }: SlotKey, place: string, text: string): string => {
  const iv = newIv()
  const cipher = createCipheriv(algorithm, key, iv)
  cipher.setAAD(Buffer.from(place))
  const ciphertext = cipher.update(JSON.stringify(text), 'utf8')
  // In this mode nothing is left to come but the tag.
  cipher.final()
  return `sealed:${slot}:${Buffer.concat([iv, ciphertext, cipher.getAuthTag()]).toString('base64url')}`
}

/** The slot of a sealed text's key. */
export const slotOf = (sealed: string): number => Number(sealed.slice('sealed:'.length, sealed.lastIndexOf(':')))

/** Opens what was sealed for the place. Throws `UnreadableEvent` where it was not, or was changed since. */
export const open = (key: Uint8Array, place: string, sealed: string): string => {
  const bytes = Buffer.from(sealed.slice(sealed.lastIndexOf(':') + 1), 'base64url')
  try {
    const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(place))
    decipher.setAuthTag(bytes.subarray(-tagBytes))
    const json = decipher.update(bytes.subarray(ivBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8')
    return JSON.parse(json) as string
  } catch {
    throw new UnreadableEvent('what is sealed in it does not open with its key')
  }
}
