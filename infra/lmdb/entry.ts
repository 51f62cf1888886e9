import { hash } from 'node:crypto'
import type { RecordedEvent, StreamId } from '../../domain/event.ts'
import type { LogEvent } from '../../projections/unread.ts'
import { fromText } from '../codec/event-codec.ts'
import { logEvent } from '../codec/log-event.ts'
import { readInteger, writeInteger } from './integer.ts'

/**
 * One event as the log holds it, integers big-endian:
 *
 *        0   4  length of all this in bytes
 *        4   8  sequence of the event before it in its stream, 0 for none
 *       12  32  hash
 *       44   2  length s of the stream's name in bytes
 *       46   s  the stream's name
 *     46+s   8  revision
 *     54+s      the event's text
 *
 * The hash is the SHA-256 of everything from byte 12 on, where for the time of hashing the hash of the event before it
 * in its stream stands in the hash's own place, zeros for none. The sequence is left out, so that a stream's chain
 * does not depend on what else is in the log.
 */
export type Entry = Buffer

const previousAt = 4
const hashAt = 12
const streamLengthAt = 44
const streamAt = 46

/** A SHA-256 as 32 characters, one a byte: node makes these in half the time of a Buffer. */
export type Hash = string
const hashEncoding = 'binary'

/** Stands for the hash of the event before a stream's first. */
export const noHash: Hash = '\0'.repeat(streamLengthAt - hashAt)

/** Where a stream ends: what an event that is to come after its last one needs to know of that. */
export type Tail = { readonly sequence: number; readonly revision: number; readonly hash: Hash }

/** What an entry can need in bytes. */
export const longestEntry = (stream: StreamId, text: string): number => streamAt + 8 + 3 * (stream.length + text.length)

/** Writes the entry of the event with this text after `tail` into `room` at `start`, and answers its end and hash. */
export const writeEntry = (
  room: Buffer,
  start: number,
  stream: StreamId,
  text: string,
  tail: Tail | undefined,
): { readonly end: number; readonly hash: Hash } => {
  writeInteger(room, tail?.sequence ?? 0, start + previousAt)
  const streamEnd = start + streamAt + room.write(stream, start + streamAt)
  room.writeUInt16BE(streamEnd - start - streamAt, start + streamLengthAt)
  const textAt = writeInteger(room, tail === undefined ? 0 : tail.revision + 1, streamEnd)
  const end = textAt + room.write(text, textAt)
  room.writeUInt32BE(end - start, start)
  return { end, hash: chain(room.subarray(start, end), tail?.hash ?? noHash) }
}

/** Gives an entry its hash, from that of the event before it. */
export const chain = (entry: Entry, previous: Hash): Hash => {
  entry.write(previous, hashAt, hashEncoding)
  const own = hash('sha256', entry.subarray(hashAt), hashEncoding)
  entry.write(own, hashAt, hashEncoding)
  return own
}

export const previousSequenceOf = (entry: Entry): number => readInteger(entry, previousAt)
export const hashOf = (entry: Entry): Hash => entry.toString(hashEncoding, hashAt, streamLengthAt)
const streamEndOf = (entry: Entry): number => streamAt + entry.readUInt16BE(streamLengthAt)
export const streamOf = (entry: Entry): StreamId => entry.toString('utf8', streamAt, streamEndOf(entry))
export const revisionOf = (entry: Entry): number => readInteger(entry, streamEndOf(entry))
export const textOf = (entry: Entry): string => entry.toString('utf8', streamEndOf(entry) + 8)
export const tailOf = (entry: Entry, sequence: number): Tail => ({
  sequence,
  revision: revisionOf(entry),
  hash: hashOf(entry),
})

const placeOf = (entry: Entry, sequence: number) => ({
  stream: streamOf(entry),
  revision: revisionOf(entry),
  log: 0,
  sequence,
})

/** The event that an entry holds, with the place in the log where it was found. Throws `UnreadableEvent`. */
export const recordedEvent = (entry: Entry, sequence: number): RecordedEvent =>
  Object.assign(fromText(textOf(entry)), placeOf(entry, sequence))

/** The same, also of one that cannot be read. */
export const eventAsItIs = (entry: Entry, sequence: number): LogEvent =>
  logEvent(entry.subarray(streamEndOf(entry) + 8), placeOf(entry, sequence))
