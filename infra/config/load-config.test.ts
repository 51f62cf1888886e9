import { expect, test } from 'vitest'
import { ConfigError, loadConfig, toEnvironment } from './load-config.ts'
import { cluster } from './testing/cluster.ts'

test('without any variable it is the demo on one machine', () => {
  expect(loadConfig({})).toMatchObject({
    DAYBOOK_PROFILE: 'embedded',
    EVENT_STORE: 'lmdb',
    FEED: 'tail',
    READ_MODELS: 'embedded',
    CACHE: 'in-process',
    PORT: 3000,
    METRICS_PORT: 9090,
    WORKERS: 1,
    HOST: '127.0.0.1',
    DAYBOOK_DATA: '.daybook',
    SHARDS: 10,
    DB_PORT: 0,
    DB_PASSWORD: '',
    DB_POOL_MIN: 0,
    DB_POOL_MAX: 20,
    GATEWAY_TIMEOUT: 2_000,
    RATE_LIMIT_MAX_REQUESTS: 0,
  })
})

test('the cluster profile has the four engines and larger pools', () => {
  expect(loadConfig(cluster)).toMatchObject({
    EVENT_STORE: 'eventstoredb',
    FEED: 'kafka',
    READ_MODELS: 'postgres',
    CACHE: 'redis',
    DB_PORT: 5432,
    DB_POOL_MIN: 20,
    DB_POOL_MAX: 100,
    KAFKA_TOPIC: 'daybook.events',
    KAFKA_PARTITIONS: 50,
    KAFKA_REPLICATION_FACTOR: 3,
    KAFKA_RETENTION: 604_800_000,
    KAFKA_GROUP: 'daybook-projections',
    REDIS_PORT: 6379,
    REDIS_TIMEOUT: 50,
  })
})

test.each([
  ['EVENT_STORE', 'lmdb', 'eventstoredb'],
  ['FEED', 'tail', 'kafka'],
  ['READ_MODELS', 'embedded', 'postgres'],
  ['CACHE', 'in-process', 'redis'],
] as const)('%s is chosen on its own, in either profile', (name, embedded, large) => {
  const { DAYBOOK_PROFILE: _, ...places } = cluster
  const one = loadConfig({ ...cluster, [name]: embedded })
  expect(one).toEqual({ ...loadConfig(cluster), [name]: embedded, DB_PORT: one.DB_PORT })
  const other = loadConfig({ ...places, [name]: large })
  expect(other).toEqual({ ...loadConfig(places), [name]: large, DB_PORT: other.DB_PORT })
})

test('production is patient with gateways and limits requests', () => {
  expect(loadConfig({ NODE_ENV: 'production' })).toMatchObject({
    GATEWAY_TIMEOUT: 30_000,
    RATE_LIMIT_MAX_REQUESTS: 1_000,
  })
})

test('what is set wins, an empty variable counts as not set', () => {
  const config = loadConfig({
    NODE_ENV: 'production',
    PORT: '0',
    RATE_LIMIT_MAX_REQUESTS: '5',
    REQUIRE_IF_MATCH: 'true',
    HOST: '',
    KAFKA_BROKERS: '',
  })
  expect(config).toMatchObject({ PORT: 0, RATE_LIMIT_MAX_REQUESTS: 5, REQUIRE_IF_MATCH: true, HOST: '127.0.0.1' })
  expect(config.KAFKA_BROKERS).toBeUndefined()
})

test('a small pool needs no minimum beside it', () => {
  expect(loadConfig({ ...cluster, DB_POOL_MAX: '5' })).toMatchObject({ DB_POOL_MIN: 5, DB_POOL_MAX: 5 })
})

test.each([
  ['PORT', '70000'],
  ['PORT', 'http'],
  ['PORT', '3000.5'],
  ['PORT', '-1'],
  ['METRICS_PORT', '65536'],
  ['SHARDS', '0'],
  ['SHARDS', '-1'],
  ['SHARDS', '1001'],
  ['WORKERS', '0'],
  ['WORKERS', '65'],
  ['NODE_ENV', 'prod'],
  ['LOG_LEVEL', 'loud'],
  ['REQUIRE_IF_MATCH', 'maybe'],
  ['JWT_SECRET', 'short'],
  ['GATEWAY_TIMEOUT', '2147483648'],
  ['DAYBOOK_PROFILE', 'large'],
  ['EVENT_STORE', 'postgres'],
  ['FEED', 'nats'],
  ['READ_MODELS', 'mysql'],
  ['CACHE', 'memcached'],
  ['KAFKA_TOPIC', 'daybook events'],
  ['KAFKA_PARTITIONS', '0'],
  ['KAFKA_PARTITIONS', '10001'],
  ['KAFKA_REPLICATION_FACTOR', '0'],
  ['KAFKA_RETENTION', '7d'],
  ['KAFKA_TLS', 'yes'],
  ['KAFKA_SASL_MECHANISM', 'gssapi'],
  ['DB_PORT', '65536'],
  ['DB_POOL_MIN', '-1'],
  ['DB_POOL_MAX', '0'],
  ['DB_CONNECTION_TIMEOUT', '5s'],
  ['REDIS_PORT', '0'],
  ['REDIS_CLUSTER_MODE', 'on'],
  ['REDIS_MAX_RETRIES', '21'],
  ['REDIS_TIMEOUT', '0'],
  ['RATE_LIMIT_WINDOW', '0'],
  ['RATE_LIMIT_MAX_REQUESTS', 'many'],
])('%s=%s is refused by name', (name, value) => {
  const load = () => loadConfig({ [name]: value })
  expect(load).toThrow(ConfigError)
  expect(load).toThrow(new RegExp(`^${name} must `))
})

test('what would do is said, and a secret is not repeated', () => {
  expect(() => loadConfig({ FEED: 'nats' })).toThrow('FEED must be one of tail, kafka')
  expect(() => loadConfig({ PORT: 'x' })).toThrow('PORT must be a whole number from 0 to 65535')
  expect(() => loadConfig({ JWT_SECRET: 'hunter2' })).toThrow(/^JWT_SECRET must have at least 32 characters$/)
})

test.each([
  ['one machine', { NODE_ENV: 'production', REQUIRE_IF_MATCH: 'true', JWT_SECRET: 'x'.repeat(32), PORT: '0' }],
  ['a cluster', cluster],
  [
    'a cluster with access to each engine',
    {
      ...cluster,
      EVENTSTORE_CONNECTION_STRING: 'esdb://u:p@one:2113?tls=true \n esdb+discover://u:p@two',
      KAFKA_TLS: '1',
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'ledger',
      KAFKA_SASL_PASSWORD: ' = #"\'',
      SHARD_MAP: '0-4=pg-a,pg-a2;5-9=pg-b',
      REDIS_USERNAME: 'ledger',
      REDIS_PASSWORD: 'secret',
      REDIS_TLS: 'true',
    },
  ],
])('a child process reads the same settings: %s', (_, environment) => {
  const config = loadConfig(environment)
  expect(loadConfig(toEnvironment(config))).toEqual(config)
  expect(loadConfig({ ...environment, ...toEnvironment(config) })).toEqual(config)
})
