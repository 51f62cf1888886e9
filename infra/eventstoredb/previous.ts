import { type Digest, hexOf } from '../../proof/digest.ts'

// The server chains nothing, so each event carries the hash of the one before it in its stream, first among its metadata.

const metadataBegins = '"metadata":{'
const field = 'previous'

/** An event's JSON text with the hash of the event before it. */
export const withPrevious = (text: string, previous: Digest | undefined): string =>
  previous === undefined ? text : text.replace(metadataBegins, `${metadataBegins}"${field}":"${hexOf(previous)}",`)

/** How much longer a text becomes by that. */
export const previousLength = `"${field}":"${hexOf('\0'.repeat(32))}",`.length

/** Takes the hash of the event before it out of an event's JSON, so that what is left is the event. */
export const takePrevious = (json: unknown): Digest | undefined => {
  if (typeof json !== 'object' || json === null || !('metadata' in json)) return undefined
  const { metadata } = json
  if (typeof metadata !== 'object' || metadata === null || !(field in metadata)) return undefined
  const { [field]: previous, ...rest } = metadata
  json.metadata = rest
  return typeof previous === 'string' && /^[0-9a-f]{64}$/.test(previous)
    ? Buffer.from(previous, 'hex').toString('binary')
    : undefined
}

const linked =
  /^(\{"id":"[^"\\]*","type":"[^"\\]*","version":\d+,"recordedAt":"[^"\\]*","metadata":\{)"previous":"([0-9a-f]{64})",/

/**
 * What `withPrevious` was made of: an event's text, and the hash of the event before it; undefined where there is none in
 * the very place where it would stand, and the text is then the event's as it is.
 */
export const withoutPrevious = (text: string): { readonly text: string; readonly previous: Digest | undefined } => {
  const [, head = '', hex] = linked.exec(text) ?? []
  if (hex === undefined) return { text, previous: undefined }
  return { text: head + text.slice(head.length + previousLength), previous: Buffer.from(hex, 'hex').toString('binary') }
}
