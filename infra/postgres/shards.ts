/** The schema of a shard, by its number from 0. */
export const schemaOf = (shard: number): string => `shard_${shard}`

/** All schemas, in order. */
export const schemas = (count: number): string[] => Array.from({ length: count }, (_, shard) => schemaOf(shard))

/** FNV-1a, 32 bits: the same on every machine and for ever. */
const hash = (text: string): number => {
  let value = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0
  return value
}

/** Where a merchant's read models are: a numeric id modulo the number of shards, a stable hash of any other. */
export const shardOf = (merchantId: string, count: number): string =>
  schemaOf(/^[0-9]+$/.test(merchantId) ? Number(BigInt(merchantId) % BigInt(count)) : hash(merchantId) % count)
