import { expect, test } from 'vitest'
import { hostList } from './host-list.ts'
import { loadConfig } from './load-config.ts'
import { eventStores, kafkaBrokers, postgresServers, redisNodes } from './places.ts'
import { parseShardMap } from './shard-map.ts'
import { cluster } from './testing/cluster.ts'

test('hosts have a port of their own or the usual one', () => {
  expect(hostList('pg-a, 10.0.0.1:5433,[fd00::1]:1,[::1]', 5432)).toEqual([
    { host: 'pg-a', port: 5432 },
    { host: '10.0.0.1', port: 5433 },
    { host: 'fd00::1', port: 1 },
    { host: '::1', port: 5432 },
  ])
})

test.each(['', ',', 'a,,b', 'a:', 'a:0', 'a:65536', 'a:b', 'a b', '::1', 'a/b', 'user@a', '[a]', 'a,a', 'a:5432,a'])(
  '"%s" is no list of hosts',
  (text) => {
    expect(() => hostList(text, 5432)).toThrow(RangeError)
  },
)

test('a map says which server has which shards', () => {
  expect(parseShardMap('0-1,4=pg-a:5433,pg-a2; 2-3 = pg-b ;', 5)).toEqual([
    {
      shards: [0, 1, 4],
      hosts: [
        { host: 'pg-a', port: 5433 },
        { host: 'pg-a2', port: 5432 },
      ],
    },
    { shards: [2, 3], hosts: [{ host: 'pg-b', port: 5432 }] },
  ])
})

test.each([
  ['0-3=a', 'leaves out shard 4'],
  ['1-4=a', 'leaves out shard 0'],
  ['', 'leaves out shard 0'],
  ['0-4=a;4=b', 'names shard 4 twice'],
  ['0-4,2=a', 'names shard 2 twice'],
  ['0-5=a', 'names shard 5, but with SHARDS=5 the last one is 4'],
  ['0-999999999=a', 'names shard 999999999, but with SHARDS=5 the last one is 4'],
  ['4-0=a', 'has 4-0, which runs backwards'],
  ['0-4', 'has "0-4", which is not of the form 0-4=host,host'],
  ['0-4=a=b', 'has "0-4=a=b", which is not of the form 0-4=host,host'],
  ['all=a', 'has "all" where shards should be: 3 or 0-4'],
  ['0-4=a:b', 'for shards 0-4: "a:b" is no host[:port]'],
  ['0-4=', 'for shards 0-4: "" is no host[:port]'],
  ['0-2=a,b;3-4=b:5432', 'names b:5432 for two servers'],
])('the map "%s" %s', (text, message) => {
  expect(() => parseShardMap(text, 5)).toThrow(`SHARD_MAP ${message}`)
})

test('the configuration says where everything is', () => {
  const config = loadConfig({
    ...cluster,
    EVENTSTORE_CONNECTION_STRING: ' esdb://one:2113?tls=false\nesdb+discover://u:p@two:2113,three:2113/?tls=true ',
    DB_HOST: 'pg-a,pg-b',
    DB_PORT: '5433',
    SHARDS: '3',
    REDIS_HOST: 'r1,r2:7001',
    REDIS_CLUSTER_MODE: 'true',
    KAFKA_BROKERS: 'k1,k2:9093',
  })
  expect(eventStores(config)).toEqual([
    'esdb://one:2113?tls=false',
    'esdb+discover://u:p@two:2113,three:2113/?tls=true',
  ])
  expect(kafkaBrokers(config)).toEqual(['k1:9092', 'k2:9093'])
  expect(redisNodes(config)).toEqual([
    { host: 'r1', port: 6379 },
    { host: 'r2', port: 7001 },
  ])
  const hosts = [
    { host: 'pg-a', port: 5433 },
    { host: 'pg-b', port: 5433 },
  ]
  expect(postgresServers(config)).toEqual([{ shards: [0, 1, 2], hosts }])
  expect(postgresServers({ ...config, SHARD_MAP: '0=x;1-2=y:1' })).toEqual([
    { shards: [0], hosts: [{ host: 'x', port: 5433 }] },
    { shards: [1, 2], hosts: [{ host: 'y', port: 1 }] },
  ])
})
