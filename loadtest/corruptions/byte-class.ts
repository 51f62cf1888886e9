import { headerSize, pageFlags, pageSize } from '../../infra/lmdb/structure/data-file.ts'

// The fields of an entry, as infra/lmdb/entry.ts has them.
const entryFields: readonly [end: number, name: string][] = [
  [4, 'length'],
  [12, 'predecessor'],
  [44, 'hash'],
  [46, "stream's length"],
]

const inEntries = (value: Buffer, at: number): string => {
  let start = 0
  while (start + 4 <= value.length) {
    const length = value.readUInt32BE(start)
    if (length === 0) break
    if (at < start + length) {
      const within = at - start
      const field = entryFields.find(([end]) => within < end)
      if (field !== undefined) return `entry: ${field[1]}`
      const nameEnd = 46 + value.readUInt16BE(start + 44)
      return `entry: ${within < nameEnd ? 'stream' : within < nameEnd + 8 ? 'revision' : 'event'}`
    }
    start += length
  }
  return 'behind the entries'
}

/** What a byte of a sound log's file is part of; `used` tells which pages hold anything. */
export const byteClass = (file: Buffer, used: Uint8Array, at: number): string => {
  const number = Math.floor(at / pageSize)
  if (number < 2) {
    const times = [0, 1].map((meta) => file.readBigUInt64LE(meta * pageSize + headerSize + 128))
    return (times[number] ?? 0n) > (times[1 - number] ?? 0n) ? 'beginning of the file' : 'beginning before the last'
  }
  if (used[number] !== 1) return 'free page'
  let first = number
  const flagsOf = (page: number): number => file.readUInt16LE(page * pageSize + 18)
  // The pages of a value have a header on their first one only: what looks like one elsewhere is not its number.
  while (file.readBigUInt64LE(first * pageSize) !== BigInt(first)) first -= 1
  const start = first * pageSize
  const within = at - start
  const kind = { [pageFlags.branch]: 'branch', [pageFlags.leaf]: 'leaf', [pageFlags.overflow]: 'value' }[flagsOf(first)]
  if (within < 8) return `${kind}: page number`
  if (within < 16) return `${kind}: transaction`
  if (within < headerSize) return `${kind}: header`
  if (kind === 'value') {
    const pages = file.readUInt32LE(start + 20)
    return inEntries(file.subarray(start + headerSize, start + pages * pageSize), within - headerSize)
  }
  const [lower, upper] = [file.readUInt16LE(start + 20), file.readUInt16LE(start + 22)]
  if (within < headerSize + lower) return `${kind}: places of nodes`
  return within < headerSize + upper ? `${kind}: between places and nodes` : `${kind}: nodes`
}
