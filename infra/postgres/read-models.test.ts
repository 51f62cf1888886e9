import pg from 'pg'
import { describeReadModels, type OpenedReadModels } from '../contracts/read-models.ts'
import { addressOf, type Connection } from './pools.ts'
import type { ShardMap } from './shard-map.ts'
import { openReadModels, placeOf, readsName, writesName } from './testing/open-read-models.ts'
import { runningPostgres } from './testing/postgres-place.ts'
import { openTestDatabase } from './testing/test-database.ts'
import { startPrimary, startReplica } from './testing/test-host.ts'
import { startTestPostgres } from './testing/test-postgres.ts'

const shardCount = 4

const open = async (
  map: ShardMap,
  login: Omit<Connection, 'host' | 'port'>,
  after: () => Promise<unknown>,
): Promise<OpenedReadModels> => {
  const models = openReadModels(map, shardCount, login)
  return {
    ...models,
    loseConnections: async () => {
      for (const place of map.flatMap(({ hosts }) => hosts)) {
        const client = new pg.Client(addressOf({ ...login, ...place }))
        await client.connect()
        await client.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where application_name = any($1) and datname = current_database()`,
          [[writesName, readsName]],
        )
        await client.end()
      }
    },
    close: async () => {
      await models.close()
      await after()
    },
  }
}

const shards = [0, 1, 2, 3]

if (runningPostgres() !== undefined)
  describeReadModels('read models on the PostgreSQL that runs', async () => {
    const { place, stop } = await openTestDatabase()
    return open([{ shards, hosts: place.hosts }], place.login, stop)
  })
else {
  describeReadModels('read models on the PostgreSQL of npm', async () => {
    const server = await startTestPostgres()
    return open([placeOf(shards, [server])], server.connection, () => server.stop())
  })

  describeReadModels('read models on two servers with a replica each', async () => {
    const primaries = [await startPrimary(), await startPrimary()] as const
    const replicas = [await startReplica(primaries[0]), await startReplica(primaries[1])] as const
    const map = [placeOf([0, 2], [primaries[0], replicas[0]]), placeOf([1, 3], [replicas[1], primaries[1]])]
    const hosts = [...replicas, ...primaries]
    return open(map, primaries[0].connection, () => Promise.all(hosts.map((host) => host.remove())))
  })
}
