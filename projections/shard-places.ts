/** What a server of the read models has. */
export type HeldShards = {
  /** How many shards there are on all servers together, as it was when they were made; null before the first was. */
  readonly count: number | null
  /** The schemas of the shards that are there. */
  readonly held: readonly string[]
}

/** A server: the schemas that it should have, and what it has, undefined for one that has not been asked yet. */
export type ShardPlace = { readonly shards: readonly string[]; readonly found: HeldShards | undefined }

/** Asks a server for its `HeldShards`, one row; fails where nothing was ever made there. */
export const heldShards = `
  select (select count from daybook.shards) as count,
    array(select nspname::text from pg_namespace where nspname ~ '^shard_[0-9]+$' order by length(nspname), nspname) as held`

/** The shards that a server lacks. */
export const lackingAt = ({ shards, found }: ShardPlace): readonly string[] =>
  found === undefined ? [] : shards.filter((shard) => !found.held.includes(shard))

const numbers = (shards: readonly string[]): string => shards.map((shard) => shard.replace('shard_', '')).join(', ')

/**
 * Which setting contradicts what the servers have, and how; undefined where none does. A merchant's shard follows from how
 * many there are, so with another number its rows would be looked for where they are not.
 */
export const shardFault = (places: readonly ShardPlace[], shardCount: number): string | undefined => {
  const other = places.find(({ found }) => (found?.count ?? shardCount) !== shardCount)?.found?.count
  if (other !== undefined)
    return `SHARDS=${shardCount} is wrong: the read models were made with ${other} shards, and no other number finds their rows`
  for (const place of places) {
    const lacking = lackingAt(place)
    const elsewhere = places.find(
      ({ found }) => found !== undefined && lacking.some((shard) => found.held.includes(shard)),
    )
    const strange = place.found?.held.filter((shard) => !place.shards.includes(shard)) ?? []
    if (lacking.length > 0 && (elsewhere !== undefined || strange.length > 0))
      return `SHARD_MAP is wrong: the server that it names for the shards ${numbers(place.shards)} has ${numbers(place.found?.held ?? []) || 'none'}`
  }
  return undefined
}
