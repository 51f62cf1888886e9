import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ConfigError, loadConfig } from './load-config.ts'
import { cluster } from './testing/cluster.ts'

const folder = mkdtempSync(join(tmpdir(), 'daybook-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))
const write = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const certificate = write('ca.pem', '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n')
const noCertificate = write('ca.txt', 'a certificate')

test.each([
  ['EVENT_STORE', 'eventstoredb', 'EVENTSTORE_CONNECTION_STRING'],
  ['FEED', 'kafka', 'KAFKA_BROKERS'],
  ['CACHE', 'redis', 'REDIS_HOST'],
  ['READ_MODELS', 'postgres', 'DB_PASSWORD'],
])('%s=%s takes %s, from the profile or not', (name, value, needed) => {
  const message = `${needed} is required with ${name}=${value}`
  expect(() => loadConfig({ [name]: value })).toThrow(new ConfigError(message))
  expect(() => loadConfig({ ...cluster, [needed]: '' })).toThrow(new ConfigError(message))
})

test.each<[refused: string, given: Readonly<Record<string, string>>]>([
  ['JWT_SECRET is required with DAYBOOK_PROFILE=cluster', { JWT_SECRET: '' }],
  ['DB_POOL_MIN (101) must not be above DB_POOL_MAX (100)', { DB_POOL_MIN: '101' }],
  ['DB_POOL_MIN (3) must not be above DB_POOL_MAX (2)', { DB_POOL_MIN: '3', DB_POOL_MAX: '2' }],
  ['DB_PORT must be a whole number from 1 to 65535 with READ_MODELS=postgres', { DB_PORT: '0' }],
  ['KAFKA_BROKERS is wrong: "kafka:port" is no host[:port]', { KAFKA_BROKERS: 'kafka-1:9092,kafka:port' }],
  ['KAFKA_BROKERS is wrong: kafka:9092 is there twice', { KAFKA_BROKERS: 'kafka,kafka:9092' }],
  ['DB_HOST is wrong: "" is no host[:port]', { DB_HOST: 'pg,' }],
  ['REDIS_HOST is wrong: "redis://cache" is no host[:port]', { REDIS_HOST: 'redis://cache' }],
  ['REDIS_HOST names several hosts, which takes REDIS_CLUSTER_MODE=true', { REDIS_HOST: 'a,b' }],
  ['REDIS_PASSWORD is required with REDIS_USERNAME', { REDIS_USERNAME: 'ledger' }],
  ['SHARD_MAP leaves out shard 9', { SHARD_MAP: '0-8=pg' }],
  [
    'KAFKA_SASL_USERNAME is required with KAFKA_SASL_MECHANISM=plain',
    { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_PASSWORD: 'x' },
  ],
  [
    'KAFKA_SASL_PASSWORD is required with KAFKA_SASL_MECHANISM=scram-sha-256',
    { KAFKA_SASL_MECHANISM: 'scram-sha-256', KAFKA_SASL_USERNAME: 'x' },
  ],
  ['KAFKA_SASL_MECHANISM is required with KAFKA_SASL_USERNAME', { KAFKA_SASL_USERNAME: 'x' }],
  ['KAFKA_SASL_MECHANISM is required with KAFKA_SASL_PASSWORD', { KAFKA_SASL_PASSWORD: 'x' }],
])('%s', (message, given) => {
  expect(() => loadConfig({ ...cluster, ...given })).toThrow(new ConfigError(message))
})

test.each(['KAFKA', 'DB', 'REDIS'])('%s_TLS_CA is a PEM file, with TLS', (engine) => {
  const [tls, ca] = [`${engine}_TLS`, `${engine}_TLS_CA`]
  const load = (path: string) => loadConfig({ ...cluster, [tls]: 'true', [ca]: path })
  expect(load(certificate)).toMatchObject({ [tls]: true, [ca]: certificate })
  expect(() => load(join(folder, 'nowhere'))).toThrow(`${ca} names ${folder}/nowhere, which cannot be read (ENOENT)`)
  expect(() => load(folder)).toThrow(`${ca} names ${folder}, which is no file`)
  expect(() => load(noCertificate)).toThrow(`${ca} names ${noCertificate}, which has no certificate in PEM form`)
  expect(() => loadConfig({ ...cluster, [ca]: certificate })).toThrow(`${ca} is set, but ${tls} is not true`)
})

test('settings of an engine that is not chosen may be there, whatever they say', () => {
  const config = loadConfig({ KAFKA_BROKERS: ':', REDIS_HOST: ':', DB_HOST: ':', SHARD_MAP: ':', KAFKA_TLS_CA: '/:' })
  expect(config).toMatchObject({ FEED: 'tail', CACHE: 'in-process', READ_MODELS: 'embedded' })
})

test.each([
  'events:2113',
  'kurrentdb://events:2113',
  'esdb://',
  'esdb://admin:hunter2@',
  'esdb://admin:hunter2@events:port',
  'esdb://ok esdb://admin:hunter2@[::1]',
])('a connection string that the client could not use is refused, and not repeated: %s', (text) => {
  const load = () => loadConfig({ ...cluster, EVENTSTORE_CONNECTION_STRING: text })
  expect(load).toThrow(/^EVENTSTORE_CONNECTION_STRING /)
  expect(load).not.toThrow(/hunter2/)
})

test('a store that is there twice would give each of its events twice', () => {
  const load = () => loadConfig({ ...cluster, EVENTSTORE_CONNECTION_STRING: 'esdb://a esdb://b esdb://a' })
  expect(load).toThrow('EVENTSTORE_CONNECTION_STRING number 3 is there twice')
})
