import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

// What LMDB's file looks like, as the version that the lmdb package brings writes it (mdb.c, data version 2), integers
// little-endian. It is read here without LMDB, which believes what it finds and ends the process where that is nonsense.

export const pageSize = 4_096
export const headerSize = 24

/** Kinds of pages, as their headers have them. */
export const pageFlags = { branch: 1, leaf: 2, overflow: 4, meta: 8 } as const

/** The roots' number where a tree is empty. */
export const noPage = 2n ** 64n - 1n

/** What is known of one tree: struct MDB_db. */
export type TreeRecord = {
  readonly pad: number
  readonly flags: number
  readonly depth: number
  readonly branchPages: bigint
  readonly leafPages: bigint
  readonly overflowPages: bigint
  readonly entries: bigint
  readonly root: bigint
}

export const treeRecordSize = 48

export const treeRecordAt = (bytes: Buffer, at: number): TreeRecord => ({
  pad: bytes.readUInt32LE(at),
  flags: bytes.readUInt16LE(at + 4),
  depth: bytes.readUInt16LE(at + 6),
  branchPages: bytes.readBigUInt64LE(at + 8),
  leafPages: bytes.readBigUInt64LE(at + 16),
  overflowPages: bytes.readBigUInt64LE(at + 24),
  entries: bytes.readBigUInt64LE(at + 32),
  root: bytes.readBigUInt64LE(at + 40),
})

/** The start of the file, of which there are two that take turns: struct MDB_meta. */
export type Meta = {
  readonly magic: number
  readonly version: number
  readonly mapSize: bigint
  readonly free: TreeRecord
  readonly main: TreeRecord
  readonly lastPage: bigint
  readonly transaction: bigint
}

/** Where a meta ends; the rest of its page is empty. */
export const metaEnd = headerSize + 144

export const metaIn = (page: Buffer): Meta => ({
  magic: page.readUInt32LE(headerSize),
  version: page.readUInt32LE(headerSize + 4),
  mapSize: page.readBigUInt64LE(headerSize + 16),
  free: treeRecordAt(page, headerSize + 24),
  main: treeRecordAt(page, headerSize + 72),
  lastPage: page.readBigUInt64LE(headerSize + 120),
  transaction: page.readBigUInt64LE(headerSize + 128),
})

/** A file of pages. */
export type DataFile = {
  /** How many whole pages it has. */
  readonly pages: number
  /** The pages from `number` on, valid until the next read; undefined where there are not so many. */
  read(number: number, count?: number): Buffer | undefined
  close(): void
}

export const openDataFile = (path: string): DataFile => {
  const file = openSync(path, 'r')
  const pages = Math.floor(fstatSync(file).size / pageSize)
  let room = Buffer.allocUnsafeSlow(pageSize)
  return {
    pages,
    read: (number, count = 1) => {
      const length = count * pageSize
      if (room.length < length) room = Buffer.allocUnsafeSlow(length)
      const bytes = readSync(file, room, 0, length, number * pageSize)
      return bytes === length ? room.subarray(0, length) : undefined
    },
    close: () => closeSync(file),
  }
}
