import { hash } from 'node:crypto'
import type { RecordedEvent, StreamId } from '../../domain/event.ts'
import { fromText } from '../codec/event-codec.ts'
import { readInteger, writeInteger } from './integer.ts'

/**
 * One event as the log holds it, integers big-endian:
 *
 *        0   8  sequence of the event before it in its stream, 0 for none
 *        8  32  hash
 *       40   2  length s of the stream's name in bytes
 *       42   s  the stream's name
 *     42+s   8  revision
 *     50+s      the event's text
 *
 * The hash is the SHA-256 of everything from byte 8 on, where for the time of hashing the hash of the event before it
 * in its stream stands in the hash's own place, zeros for none. The sequence is left out, so that a stream's chain
 * does not depend on what else is in the log.
 */
export type Entry = Buffer

const hashAt = 8
const streamLengthAt = 40
const streamAt = 42

/** A SHA-256 as 32 characters, one a byte: node makes these in half the time of a Buffer. */
export type Hash = string
const hashEncoding = 'binary'

/** Stands for the hash of the event before a stream's first. */
export const noHash: Hash = '\0'.repeat(streamLengthAt - hashAt)

/** Makes entries, each valid until the next is made. */
export type MakeEntry = (
  stream: StreamId,
  revision: number,
  text: string,
  previousSequence: number,
  previousHash: Hash,
) => Entry

/** They are all made in the same memory: LMDB copies them at once, and memory of their own would cost as much again. */
export const entryMaker = (): MakeEntry => {
  let room = Buffer.allocUnsafeSlow(64 * 1024)
  return (stream, revision, text, previousSequence, previousHash) => {
    const most = streamAt + 8 + 3 * (stream.length + text.length)
    if (room.length < most) room = Buffer.allocUnsafeSlow(most)
    writeInteger(room, previousSequence, 0)
    const streamEnd = streamAt + room.write(stream, streamAt)
    room.writeUInt16BE(streamEnd - streamAt, streamLengthAt)
    const textAt = writeInteger(room, revision, streamEnd)
    const end = textAt + room.write(text, textAt)
    return chain(room.subarray(0, end), previousHash)
  }
}

/** Gives an entry its hash, from that of the event before it. */
export const chain = (entry: Entry, previous: Hash): Entry => {
  entry.write(previous, hashAt, hashEncoding)
  entry.write(hash('sha256', entry.subarray(hashAt), hashEncoding), hashAt, hashEncoding)
  return entry
}

export const previousSequenceOf = (entry: Entry): number => readInteger(entry, 0)
export const hashOf = (entry: Entry): Hash => entry.toString(hashEncoding, hashAt, streamLengthAt)
const streamEndOf = (entry: Entry): number => streamAt + entry.readUInt16BE(streamLengthAt)
export const streamOf = (entry: Entry): StreamId => entry.toString('utf8', streamAt, streamEndOf(entry))
export const revisionOf = (entry: Entry): number => readInteger(entry, streamEndOf(entry))
export const textOf = (entry: Entry): string => entry.toString('utf8', streamEndOf(entry) + 8)

/** The event that an entry holds, with the place in the log where it was found. Throws `UnreadableEvent`. */
export const recordedEvent = (entry: Entry, sequence: number): RecordedEvent =>
  Object.assign(fromText(textOf(entry)), {
    stream: streamOf(entry),
    revision: revisionOf(entry),
    log: 0,
    sequence,
  })
