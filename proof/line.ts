import { type Digest, hexOf, sha256 } from './digest.ts'

/**
 * An event as it is proved and handed out: its place, its hash, and the very text that the log holds of it. Its line is
 * the JSON text of exactly this form and the leaf of the log's tree:
 *
 *     {"sequence":12,"stream":"payment-pay_…","revision":0,"hash":"<64 hex digits>","event":{…}}
 */
export type Line = {
  readonly sequence: number
  readonly stream: string
  readonly revision: number
  /** Of the event and all before it in its stream: see `chained`. */
  readonly hash: Digest
  readonly event: string
}

export const textOf = ({ sequence, stream, revision, hash, event }: Line): string =>
  `{"sequence":${sequence},"stream":${JSON.stringify(stream)},"revision":${revision},"hash":"${hexOf(hash)}","event":${event}}`

const form =
  /^\{"sequence":([1-9]\d{0,15}|0),"stream":("(?:[^"\\]|\\.)*"),"revision":([1-9]\d{0,15}|0),"hash":"([0-9a-f]{64})","event":(\{.*\})\}$/s

const stringOf = (json: string): string | undefined => {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** What a line says; undefined for a text that is none. The event's own text is not looked into. */
export const lineOf = (text: string): Line | undefined => {
  const [, sequence, name = '', revision, hash = '', event = ''] = form.exec(text) ?? []
  const stream = stringOf(name)
  if (stream === undefined) return undefined
  const line = {
    sequence: Number(sequence),
    stream,
    revision: Number(revision),
    hash: Buffer.from(hash, 'hex').toString('binary'),
    event,
  }
  return textOf(line) === text ? line : undefined
}

const noHash: Digest = '\0'.repeat(32)

/**
 * The hash of an event: the SHA-256 of the hash of the event before it in its stream (32 bytes, zeros for none), the
 * length of the stream's name (2 bytes), the name, the revision (8 bytes) and the event's text; integers big-endian,
 * text in UTF-8. The sequence is left out, so that a stream's chain does not depend on what else is in the log.
 */
export const chained = (
  { stream, revision, event }: Omit<Line, 'hash' | 'sequence'>,
  previous: Digest = noHash,
): Digest => {
  const name = Buffer.from(stream)
  const head = Buffer.alloc(34 + name.length + 8)
  head.write(previous, 0, 'binary')
  head.writeUInt16BE(name.length, 32)
  name.copy(head, 34)
  head.writeBigUInt64BE(BigInt(revision), 34 + name.length)
  return sha256(Buffer.concat([head, Buffer.from(event)]))
}
