import type { Host } from '../host.ts'
import { PostgresError } from './postgres-error.ts'
import { schemaOf } from './shards.ts'

/** A server of the shard map: the numbers of the shards it holds, and its primary and replicas in any order. */
export type ServerPlace = { readonly shards: readonly number[]; readonly hosts: readonly Host[] }

/** All servers. */
export type ShardMap = readonly ServerPlace[]

/** One server that holds all of so many shards. */
export const onOneServer = (shardCount: number, hosts: readonly Host[]): ShardMap => [
  { shards: Array.from({ length: shardCount }, (_, shard) => shard), hosts },
]

/** Throws `PostgresError`, which names the shard, unless each shard from 0 on is on exactly one server that has a host. */
export const checkShardMap = (map: ShardMap, shardCount: number): void => {
  const placed = map.flatMap(({ shards }) => shards)
  for (const [index, { hosts }] of map.entries())
    if (hosts.length === 0) throw new PostgresError(`server ${index + 1} of the shard map has no host`)
  const unknown = placed.find((shard) => !Number.isSafeInteger(shard) || shard < 0 || shard >= shardCount)
  if (unknown !== undefined)
    throw new PostgresError(
      `the shard map has a server for shard ${unknown}, but there are shards 0 to ${shardCount - 1}`,
    )
  for (let shard = 0; shard < shardCount; shard++) {
    const servers = placed.filter((each) => each === shard).length
    if (servers !== 1)
      throw new PostgresError(
        `shard ${shard} is on ${servers === 0 ? 'no server' : `${servers} servers`} of the shard map`,
      )
  }
}

/** The schemas of a server's shards. */
export const schemasAt = ({ shards }: ServerPlace): readonly string[] => shards.map(schemaOf)
