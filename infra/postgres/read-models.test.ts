import pg from 'pg'
import { describeReadModels, type OpenedReadModels } from '../contracts/read-models.ts'
import type { Connection } from './pools.ts'
import type { ServerPlace, ShardMap } from './shard-map.ts'
import { openReadModels, placeOf, readsName, writesName } from './testing/open-read-models.ts'
import { startPrimary, startReplica } from './testing/test-host.ts'
import { startTestPostgres } from './testing/test-postgres.ts'

const shardCount = 4

const open = async (map: ShardMap, login: Connection, after: () => Promise<unknown>): Promise<OpenedReadModels> => {
  const models = openReadModels(map, shardCount, login)
  return {
    ...models,
    loseConnections: async () => {
      for (const place of map.flatMap(({ hosts }) => hosts)) {
        const client = new pg.Client({ ...login, ...place })
        await client.connect()
        await client.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = any($1)', [
          [writesName, readsName],
        ])
        await client.end()
      }
    },
    close: async () => {
      await models.close()
      await after()
    },
  }
}

describeReadModels('read models on the PostgreSQL of npm', async () => {
  const server = await startTestPostgres()
  return open([placeOf([0, 1, 2, 3], [server])], server.connection, () => server.stop())
})

describeReadModels('read models on two servers with a replica each', async () => {
  const primaries = [await startPrimary(), await startPrimary()] as const
  const replicas = [await startReplica(primaries[0]), await startReplica(primaries[1])] as const
  const map = [placeOf([0, 2], [primaries[0], replicas[0]]), placeOf([1, 3], [replicas[1], primaries[1]])]
  return open(map, primaries[0].connection, () => Promise.all([...replicas, ...primaries].map((host) => host.remove())))
})

// Servers that run already: TEST_POSTGRES=0,1=host:port,host:port;2,3=host:port and the usual PGUSER, PGPASSWORD,
// PGDATABASE. Whatever is in their schemas shard_0 to shard_3 is lost.
const { TEST_POSTGRES: running = '', PGUSER, PGPASSWORD, PGDATABASE } = process.env

const placeIn = (text: string): ServerPlace => {
  const [shards = '', hosts = ''] = text.split('=')
  return {
    shards: shards.split(',').map(Number),
    hosts: hosts.split(',').map((each) => {
      const [host = '', port = '5432'] = each.split(':')
      return { host, port: Number(port) }
    }),
  }
}

if (running !== '')
  describeReadModels('read models on servers that run', () => {
    const login = {
      host: '',
      port: 0,
      user: PGUSER ?? 'daybook',
      password: PGPASSWORD ?? '',
      database: PGDATABASE ?? 'postgres',
    }
    return open(running.split(';').map(placeIn), login, async () => undefined)
  })
