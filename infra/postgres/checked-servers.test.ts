import type pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { migrate } from '../../projections/migrate.ts'
import { ReadModelUnavailable } from '../../query-side/shards.ts'
import { checkedServers } from './checked-servers.ts'
import { closePool, openPool } from './pools.ts'
import { queryShards } from './query-shards.ts'
import { readModelServer } from './read-model-server.ts'
import { serverOfPool } from './shard-server.ts'
import { closeShardServers, type ShardServers, together } from './shard-servers.ts'
import { poolSettings, startTestPostgres, type TestPostgres } from './testing/test-postgres.ts'

const shards = ['shard_0', 'shard_1']
let postgres: TestPostgres
let pool: pg.Pool
let opened: ShardServers
let told: string[] = []

beforeAll(async () => {
  postgres = await startTestPostgres()
  pool = openPool(postgres.connection, poolSettings, () => undefined)
})
afterAll(async () => {
  await closePool(pool)
  await postgres.stop()
})
beforeEach(() => pool.query('drop schema if exists daybook, shard_0, shard_1, shard_2, shard_3 cascade'))
afterEach(() => closeShardServers(opened))

const open = (names: readonly string[], count: number): ShardServers => {
  told = []
  const own = openPool(postgres.connection, poolSettings, () => undefined)
  const tell = ({ message }: Error): void => void told.push(message)
  opened = checkedServers(together([serverOfPool(own, names)], count), tell, () => undefined)
  return opened
}
const payments = (servers: ShardServers) =>
  queryShards(servers).ask({
    projection: 'payments',
    schemas: servers.servers.flatMap((server) => server.shards),
    statement: (here) => ({
      text: here.map((each) => `select id from ${each}.payments`).join(' union all '),
      values: [],
    }),
  })

test('servers that have what the settings say are read', async () => {
  await migrate(readModelServer(pool, 4, shards))
  expect(await payments(open(shards, 4))).toEqual([[]])
  expect(told).toEqual([])
})

test('with another number of shards nothing is read, not even what would be found, and SHARDS is named', async () => {
  await migrate(readModelServer(pool, 4, shards))
  const servers = open(shards, 2)
  await expect.poll(() => told).toEqual([expect.stringMatching(/^SHARDS=2 is wrong: .* made with 4 shards/)])
  await expect(payments(servers)).rejects.toThrow(ReadModelUnavailable)
})

test('a server with other shards than the map names it for is not read, and SHARD_MAP is named', async () => {
  await migrate(readModelServer(pool, 4, shards))
  const servers = open(['shard_2', 'shard_3'], 4)
  await expect.poll(() => told).toEqual(['SHARD_MAP is wrong: the server that it names for the shards 2, 3 has 0, 1'])
  await expect(payments(servers)).rejects.toThrow(ReadModelUnavailable)
})

test('what is not there yet is waited for', async () => {
  const servers = open(shards, 4)
  await expect(payments(servers)).rejects.toThrow(ReadModelUnavailable)
  await migrate(readModelServer(pool, 4, ['shard_0']))
  await expect(payments(servers)).rejects.toThrow('a server has no shard_1 yet')
  await migrate(readModelServer(pool, 4, shards))
  expect(await payments(servers)).toEqual([[]])
  expect(told).toEqual([])
})
