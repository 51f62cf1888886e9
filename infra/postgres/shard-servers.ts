import type pg from 'pg'
import { type Live, type LiveCopies, liveCopies } from './live-copies.ts'
import { isMissing } from './passing.ts'
import { checkShardMap, type ShardMap } from './shard-map.ts'
import { openShardServer, serverOfPool, type ServerSettings, type ShardServer } from './shard-server.ts'
import { schemas } from './shards.ts'

/** All servers of the shard map, which hold all shards together. */
export type ShardServers = {
  readonly servers: readonly ShardServer[]
  readonly shardCount: number
  readonly copies: LiveCopies
}

/** A server and those of the asked schemas that it holds. */
export type ShardsAt = { readonly server: ShardServer; readonly schemas: readonly string[] }

/** The servers as one, which hold all of so many shards. */
export const together = (servers: readonly ShardServer[], shardCount: number): ShardServers => ({
  servers,
  shardCount,
  copies: liveCopies(servers),
})

/** Connects to all servers; throws `PostgresError` unless each shard is on exactly one of them. */
export const openShardServers = (map: ShardMap, shardCount: number, settings: ServerSettings): ShardServers => {
  checkShardMap(map, shardCount)
  return together(
    map.map((place) => openShardServer(place, settings)),
    shardCount,
  )
}

/** The one server that connections lead to, with all shards. */
export const allOnPool = (pool: pg.Pool, shardCount: number): ShardServers =>
  together([serverOfPool(pool, schemas(shardCount))], shardCount)

export const closeShardServers = async ({ servers, copies }: ShardServers): Promise<void> => {
  copies.close()
  await Promise.all(servers.map((server) => server.close()))
}

/** Whether a server answers reads; rejects where it does not. */
export const isReadable = async (server: ShardServer): Promise<boolean> => {
  await server.read({ text: 'select 1', values: [] }, {})
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

/**
 * Asks each server that holds one of the shards about the schemas of a projection's live copies there: of all shards those
 * that are live at one moment. Asks again where tables were dropped that were live a moment ago.
 */
export const askLive = async <Answer>(
  servers: ShardServers,
  projection: string,
  shards: readonly string[],
  ask: (server: ShardServer, schemas: readonly string[]) => Promise<Answer>,
): Promise<readonly Answer[]> => {
  const askAll = (live: Live): Promise<readonly Answer[]> =>
    Promise.all(
      placesOf(servers, shards).map(({ server, schemas: here }) =>
        ask(
          server,
          here.map((shard) => live.schemaOf(projection, shard)),
        ),
      ),
    )
  try {
    return await askAll(await servers.copies.now())
  } catch (error) {
    if (!isMissing(error)) throw error
    return askAll(await servers.copies.refresh())
  }
}

/** Runs a statement about live copies on the primary of each server that holds one, and puts their answers together. */
export const readNewest = async <Row>(
  servers: ShardServers,
  projection: string,
  shards: readonly string[],
  statement: (schemas: readonly string[]) => string,
  values: readonly unknown[],
): Promise<readonly Row[]> => {
  const answers = await askLive(servers, projection, shards, (server, here) =>
    server.read<Row>({ text: statement(here), values }, { newest: true }),
  )
  return answers.flat()
}
