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
