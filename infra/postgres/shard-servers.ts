import type pg from 'pg'
import { checkShardMap, type ShardMap } from './shard-map.ts'
import { openShardServer, serverOfPool, type ServerSettings, type ShardServer } from './shard-server.ts'
import { schemas } from './shards.ts'

/** All servers of the shard map, which hold all shards together. */
export type ShardServers = { readonly servers: readonly ShardServer[]; readonly shardCount: number }

/** A server and those of the asked schemas that it holds. */
export type ShardsAt = { readonly server: ShardServer; readonly schemas: readonly string[] }

/** Connects to all servers; throws `PostgresError` unless each shard is on exactly one of them. */
export const openShardServers = (map: ShardMap, shardCount: number, settings: ServerSettings): ShardServers => {
  checkShardMap(map, shardCount)
  return { servers: map.map((place) => openShardServer(place, settings)), shardCount }
}

/** The one server that connections lead to, with all shards. */
export const allOnPool = (pool: pg.Pool, shardCount: number): ShardServers => ({
  servers: [serverOfPool(pool, schemas(shardCount))],
  shardCount,
})

export const closeShardServers = async ({ servers }: ShardServers): Promise<void> => {
  await Promise.all(servers.map((server) => server.close()))
}

/** Whether every server answers reads; rejects where one does not. */
export const areReadable = async ({ servers }: ShardServers): Promise<boolean> => {
  await Promise.all(servers.map((server) => server.read({ text: 'select 1', values: [] }, {})))
  return true
}

/** Where schemas are. */
export const placesOf = ({ servers }: ShardServers, wanted: readonly string[]): readonly ShardsAt[] => {
  const [only, ...more] = servers
  if (only !== undefined && more.length === 0) return [{ server: only, schemas: wanted }]
  return servers.flatMap((server) => {
    const here = wanted.filter((schema) => server.shards.includes(schema))
    return here.length === 0 ? [] : [{ server, schemas: here }]
  })
}

/** Runs a statement on the primary of each server that holds one of the schemas, and puts their answers together. */
export const readNewest = async <Row>(
  servers: ShardServers,
  wanted: readonly string[],
  statement: (schemas: readonly string[]) => string,
  values: readonly unknown[],
): Promise<readonly Row[]> => {
  const answers = await Promise.all(
    placesOf(servers, wanted).map(({ server, schemas: here }) =>
      server.read<Row>({ text: statement(here), values }, { newest: true }),
    ),
  )
  return answers.flat()
}
