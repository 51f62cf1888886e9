import { hash } from 'node:crypto'

/** A SHA-256 as 32 characters, one a byte: node makes these in half the time of a Buffer. */
export type Digest = string

export const digestLength = 32
const binary = 'binary'

/** The SHA-256 of bytes, or of a text in UTF-8. */
export const sha256 = (data: Uint8Array | string): Digest => hash('sha256', data, binary)

/** A digest as people read it. */
export const hexOf = (digest: Digest): string => Buffer.from(digest, binary).toString('hex')

/** A digest as signed notes write it. */
export const base64Of = (digest: Digest): string => Buffer.from(digest, binary).toString('base64')

/** The digest that such a text stands for; undefined for any other text. */
export const ofBase64 = (text: string): Digest | undefined => {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === digestLength && bytes.toString('base64') === text ? bytes.toString(binary) : undefined
}
