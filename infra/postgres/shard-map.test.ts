import { expect, test } from 'vitest'
import { checkShardMap, onOneServer, schemasAt, type ShardMap } from './shard-map.ts'

const hosts = [{ host: 'pg-a', port: 5432 }]

test('each shard on one server is a shard map', () => {
  const map: ShardMap = [
    { shards: [0, 2], hosts },
    { shards: [1], hosts },
  ]
  expect(() => checkShardMap(map, 3)).not.toThrow()
  expect(map.map(schemasAt)).toEqual([['shard_0', 'shard_2'], ['shard_1']])
  expect(() => checkShardMap(onOneServer(10, hosts), 10)).not.toThrow()
})

test.each<[string, ShardMap]>([
  ['shard 2 is on no server of the shard map', [{ shards: [0, 1], hosts }]],
  [
    'shard 1 is on 2 servers of the shard map',
    [
      { shards: [0, 1], hosts },
      { shards: [1, 2], hosts },
    ],
  ],
  ['the shard map has a server for shard 3, but there are shards 0 to 2', [{ shards: [0, 1, 2, 3], hosts }]],
  ['server 1 of the shard map has no host', [{ shards: [0, 1, 2], hosts: [] }]],
])('%s', (message, map) => {
  expect(() => checkShardMap(map, 3)).toThrow(message)
})
