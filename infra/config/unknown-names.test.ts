import { expect, test } from 'vitest'
import { ConfigError, loadConfig } from './load-config.ts'
import { cluster } from './testing/cluster.ts'

test.each([
  ['DAYBOOK_PROFIL', 'DAYBOOK_PROFILE'],
  ['DAYBOK_PROFILE', 'DAYBOOK_PROFILE'],
  ['DAYBOOK_FOLDER', undefined],
  ['EVENTSTORE', 'EVENT_STORE'],
  ['EVENT_STORES', 'EVENT_STORE'],
  ['READ_MODEL', 'READ_MODELS'],
  ['READMODELS', 'READ_MODELS'],
  ['SHARD', 'SHARDS'],
  ['SHARDS_MAP', 'SHARD_MAP'],
  ['RATE_LIMIT_MAX', 'RATE_LIMIT_MAX_REQUESTS'],
  ['RATE_LIMIT_BURST', undefined],
  ['GATEWAY_TIME_OUT', 'GATEWAY_TIMEOUT'],
  ['LOGLEVEL', 'LOG_LEVEL'],
  ['WORKER', 'WORKERS'],
  ['WOKRERS', 'WORKERS'],
  ['MAX_INFLIGHT', 'MAX_IN_FLIGHT'],
  ['JWT_SECRET_FILES', 'JWT_SECRET_FILE'],
])('%s is no setting: %s', (name, setting) => {
  const hint = setting ? `is ${setting} meant?` : 'docs/CONFIGURATION.md has those there are'
  const message = `${name} is no setting of Daybook: ${hint}`
  expect(() => loadConfig({ [name]: 'x' })).toThrow(new ConfigError(message))
})

test.each([
  ['KAFKA_BROKER', 'KAFKA_BROKERS'],
  ['KAKFA_TOPIC', 'KAFKA_TOPIC'],
  ['KAFKA_SASL_USER', 'KAFKA_SASL_USERNAME'],
  ['KAFKA_SSL', 'KAFKA_TLS'],
  ['REDIS_HOSTNAME', 'REDIS_HOST'],
  ['REDIS_PASS', 'REDIS_PASSWORD'],
  ['DB_USERNAME', 'DB_USER'],
  ['DB_PASSWORD_FLIE', 'DB_PASSWORD_FILE'],
  ['EVENTSTORE_CONNECTION', 'EVENTSTORE_CONNECTION_STRING'],
])('%s would be missed where its engine is used', (name, setting) => {
  const message = `${name} is no setting of Daybook: is ${setting} meant?`
  expect(() => loadConfig({ ...cluster, [name]: 'x' })).toThrow(new ConfigError(message))
})

test.each(['KAFKA_OPTS', 'REDIS_URL', 'DB_SCHEMA', 'EVENTSTORE_INSECURE'])(
  '%s of other software does not matter until the engine is chosen',
  (name) => {
    expect(() => loadConfig({ [name]: 'x' })).not.toThrow()
    expect(() => loadConfig({ ...cluster, [name]: 'x' })).toThrow(new RegExp(`^${name} is no setting of Daybook`))
  },
)

test('what other software has does not matter', () => {
  const others = [
    'DAYBOOK_E2E_URL',
    'HOME',
    'HOSTNAME',
    'POST',
    'CACHE_DRIVER',
    'FEED_URL',
    'PGHOST',
    'NODE_OPTIONS',
    'npm_config_cache',
  ]
  for (const name of others) expect(() => loadConfig({ ...cluster, [name]: 'x' })).not.toThrow()
})

test('the links that Kubernetes sets for services are no settings', () => {
  const services = ['REDIS', 'KAFKA', 'DB', 'EVENTSTORE', 'EVENT_STORE', 'DAYBOOK', 'DAYBOOK_QUERY_SIDE', 'SHARD_A']
  const links = services.flatMap((service) => [
    [`${service}_SERVICE_HOST`, '10.0.0.1'],
    [`${service}_SERVICE_PORT`, '6379'],
    [`${service}_SERVICE_PORT_CLIENTS`, '6379'],
    [`${service}_PORT_6379_TCP`, 'tcp://10.0.0.1:6379'],
    [`${service}_PORT_6379_TCP_ADDR`, '10.0.0.1'],
    [`${service}_PORT_6379_TCP_PROTO`, 'tcp'],
    ...(service === 'REDIS' || service === 'DB' ? [] : [[`${service}_PORT`, 'tcp://10.0.0.1:6379']]),
  ])
  expect(loadConfig({ ...cluster, ...Object.fromEntries(links) })).toEqual(loadConfig(cluster))
})

test.each([
  ['REDIS_PORT', 'redis'],
  ['DB_PORT', 'db'],
  ['METRICS_PORT', 'metrics'],
])('%s as a link says what to do about it', (name, service) => {
  const load = () => loadConfig({ ...cluster, [name]: 'tcp://10.0.0.1:6379' })
  expect(load).toThrow(
    new RegExp(
      `^${name} must be a whole number .* service called ${service}: set enableServiceLinks: false in the pod`,
    ),
  )
})
