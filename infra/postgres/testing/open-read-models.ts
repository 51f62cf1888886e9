import type { ReadModelServer } from '../../../projections/read-model-store.ts'
import type { QueryShards } from '../../../query-side/shards.ts'
import type { Connection } from '../pools.ts'
import { queryShards } from '../query-shards.ts'
import { readModelServer } from '../read-model-server.ts'
import type { Role } from '../roles.ts'
import type { ServerPlace, ShardMap } from '../shard-map.ts'
import type { ServerSettings } from '../shard-server.ts'
import { closeShardServers, openShardServers, type ShardServers } from '../shard-servers.ts'
import { watchSettings } from '../watch.ts'
import type { TestHost } from './test-host.ts'
import { poolSettings } from './test-postgres.ts'

/** The servers of a shard map, as the projections write them and as they are read. */
export type OpenReadModels = {
  /** One for each server of the map. */
  readonly servers: readonly ReadModelServer[]
  readonly reads: ShardServers
  readonly shards: QueryShards
  /** What the reading side uses a host for now; `host:port`. */
  role(host: string): Role | undefined
  close(): Promise<void>
}

export const writesName = 'test writes'
export const readsName = 'test reads'

/** The schemas of a place's shards, and its hosts. */
export const placeOf = (
  shards: readonly number[],
  hosts: readonly { readonly connection: Connection }[],
): ServerPlace => ({
  shards,
  hosts: hosts.map(({ connection: { host, port } }) => ({ host, port })),
})

export const nameOfHost = ({ connection: { host, port } }: TestHost): string => `${host}:${port}`

export const openReadModels = (map: ShardMap, shardCount: number, login: ServerSettings['login']): OpenReadModels => {
  const roles = new Map<string, Role>()
  const settings = {
    login,
    pool: { ...poolSettings, name: writesName },
    watch: { ...watchSettings, intervalMs: 100 },
    onTrouble: () => undefined,
    onRole: () => undefined,
  }
  const writes = openShardServers(map, shardCount, settings)
  const reads = openShardServers(map, shardCount, {
    ...settings,
    pool: { ...poolSettings, name: readsName, readOnly: true },
    onRole: (host, role) => roles.set(host, role),
  })
  return {
    servers: writes.servers.map((server) => readModelServer(server, shardCount, server.shards)),
    reads,
    shards: queryShards(reads),
    role: (host) => roles.get(host),
    close: async () => {
      await Promise.all([closeShardServers(writes), closeShardServers(reads)])
    },
  }
}
