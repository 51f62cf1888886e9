import type { StreamId } from '../../domain/event.ts'
import { type Entry, longestEntry, type Tail, writeEntry } from './entry.ts'

/**
 * Entries with consecutive sequences, one behind another, as one value of the log under the first one's sequence. A
 * page never changes: a group of appends begins pages of its own. One value for each event would cost several times
 * the CPU, most of it in the B-tree.
 */
export type Page = Buffer

/** A larger page costs more to read when one of its events is wanted; with LMDB's own 16 bytes this one is 16 KiB. */
const pageBytes = 16 * 1024 - 16

const lengthAt = (page: Page, at: number): number => {
  const length = page.readUInt32BE(at)
  if (length === 0 || at + length > page.length) throw new Error('a page of the log is damaged')
  return length
}

/** The entries of a page, each a part of its memory. */
export function* entriesIn(page: Page): Generator<Entry, void, undefined> {
  for (let at = 0; at < page.length; ) {
    const end = at + lengthAt(page, at)
    yield page.subarray(at, end)
    at = end
  }
}

export const countIn = (page: Page): number => {
  let count = 0
  for (let at = 0; at < page.length; at += lengthAt(page, at)) count += 1
  return count
}

/** The page's entry with this number, from 0. */
export const entryIn = (page: Page, number: number): Entry | undefined => {
  let at = 0
  for (let before = number; before > 0 && at < page.length; before--) at += lengthAt(page, at)
  return at < page.length ? page.subarray(at, at + lengthAt(page, at)) : undefined
}

/** Writes entries to the end of the log, in pages. */
export type PageWriter = {
  /** Begins after `head`; what was added before and not put is forgotten. */
  begin(head: number): void
  /** Adds an event to its stream, whose `tail` it makes anew. */
  add(stream: StreamId, text: string, tail: Tail | undefined): Tail
  /** Puts what was added since. */
  flush(): void
}

/**
 * They are all made in the same memory: `put` must copy them at once, and memory of their own would cost as much again.
 */
export const pageWriter = (put: (first: number, page: Page) => void): PageWriter => {
  let room = Buffer.allocUnsafeSlow(256 * 1024)
  // The page that is being written: where it begins and ends in the room, and the sequences of its first and last event.
  let start = 0
  let end = 0
  let first = 1
  let last = 0

  const putPage = (): void => {
    if (last >= first) put(first, room.subarray(start, end))
    first = last + 1
    start = end
  }
  const flush = (): void => {
    putPage()
    start = 0
    end = 0
  }

  return {
    begin: (head) => {
      first = head + 1
      last = head
      start = 0
      end = 0
    },
    add: (stream, text, tail) => {
      const most = longestEntry(stream, text)
      if (end + most > room.length) flush()
      if (most > room.length) room = Buffer.allocUnsafeSlow(most)
      const entry = writeEntry(room, end, stream, text, tail)
      // It did not fit: it is the first of the next page, where it stands.
      if (entry.end - start > pageBytes) putPage()
      end = entry.end
      last += 1
      return { sequence: last, revision: tail === undefined ? 0 : tail.revision + 1, hash: entry.hash }
    },
    flush,
  }
}
