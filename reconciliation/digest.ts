import { hash } from 'node:crypto'

/**
 * How many records, and the sum of their hashes modulo 2^64: the same in whatever order they come, and of two runs of
 * records the sum of both.
 */
export type Digest = { readonly count: number; readonly sum: bigint }

export const nothing: Digest = { count: 0, sum: 0n }

const wrapped = (sum: bigint): bigint => BigInt.asUintN(64, sum)

/** The first 64 bits of a record's MD5, signed: PostgreSQL makes the same of the same text (`sqlHash`). */
export const hashOf = (text: string): bigint => hash('md5', text, 'buffer').readBigInt64BE(0)

/** What `hashOf` gives, in SQL, of a text. Nothing is proved by it: that is what checkpoints are for. */
export const sqlHash = (text: string): string => `('x' || left(md5(${text}), 16))::bit(64)::bigint`

export const digestOf = (hashes: readonly bigint[]): Digest => ({
  count: hashes.length,
  sum: wrapped(hashes.reduce((sum, hash) => sum + hash, 0n)),
})

/** The digest of so many records whose hashes have this sum, as PostgreSQL adds them: without an end to it. */
export const digestFrom = (count: number, sum: bigint): Digest => ({ count, sum: wrapped(sum) })

/** A digest of two runs of records that have none in common. */
export const plus = (one: Digest, other: Digest): Digest => ({
  count: one.count + other.count,
  sum: wrapped(one.sum + other.sum),
})

export const isSame = (one: Digest, other: Digest): boolean => one.count === other.count && one.sum === other.sum
