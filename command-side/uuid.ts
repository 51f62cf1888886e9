import { hash } from 'node:crypto'

/** The namespace of all ids that Daybook derives. */
const namespace = Buffer.from('6f0d2b0e5c1c4b3f9a5e7d1c2b3a4f50', 'hex')

/** Room for the namespace and most names, so that none has to be made for each. */
const room = Buffer.concat([namespace, Buffer.alloc(1_024)])

const named = (name: string): Buffer =>
  3 * name.length > room.length - namespace.length
    ? Buffer.concat([namespace, Buffer.from(name)])
    : room.subarray(0, namespace.length + room.write(name, namespace.length))

/** The 32 hex digits of the UUIDv5 (RFC 9562, section 5.5) of the parts. */
const digitsOf = (parts: readonly string[]): string => {
  const hex = hash('sha1', named(parts.join('\u0000')), 'hex')
  // The bits of version and variant are not the hash's.
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) & 3]
  return `${hex.slice(0, 12)}5${hex.slice(13, 16)}${variant}${hex.slice(17, 32)}`
}

/** A UUIDv5 of the parts, as 36 characters. The same parts always give the same id. */
export const uuidOf = (...parts: readonly string[]): string => {
  const hex = digitsOf(parts)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** A resource's id: its prefix and the 32 hex digits of the UUID of the parts. */
export const idOf = (
  prefix: 'pay' | 'po' | 'cap' | 're' | 'vo' | 'inc' | 'dp' | 'st' | 'rep',
  ...parts: readonly string[]
): string => `${prefix}_${digitsOf([prefix, ...parts])}`

/** Whether the text can be an id of this kind at all. */
export const isId = (prefix: string, text: string): boolean =>
  text.startsWith(`${prefix}_`) && /^[0-9a-f]{32}$/.test(text.slice(prefix.length + 1))
