import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ConfigError, loadConfig, toEnvironment } from './load-config.ts'
import { secretNames } from './secrets.ts'
import { cluster } from './testing/cluster.ts'

const folder = mkdtempSync(join(tmpdir(), 'daybook-secrets-'))
afterAll(() => rmSync(folder, { recursive: true }))
const write = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const withoutSecrets = Object.fromEntries(Object.entries(cluster).filter(([name]) => !secretNames.includes(name)))
const values: Readonly<Record<string, string>> = {
  ...cluster,
  KAFKA_SASL_MECHANISM: 'plain',
  KAFKA_SASL_USERNAME: 'ledger',
  KAFKA_SASL_PASSWORD: 'two words ',
  REDIS_PASSWORD: 'a redis password',
  KEYS_URL: 'postgres://daybook:a%20password@keys/keys',
  SIGNING_KEY: 'a key in\nseveral lines',
  PREVIOUS_SIGNING_KEY: 'the key before it',
}
const files = Object.fromEntries(
  secretNames.map((name) => [`${name}_FILE`, write(name, `${values[name] ?? ''}\n`)] as const),
)
const inFiles = { ...withoutSecrets, KAFKA_SASL_MECHANISM: 'plain', ...files }

test('these are secrets', () => {
  expect([...secretNames].sort()).toEqual([
    'DB_PASSWORD',
    'EVENTSTORE_CONNECTION_STRING',
    'JWT_SECRET',
    'KAFKA_SASL_PASSWORD',
    'KAFKA_SASL_USERNAME',
    'KEYS_URL',
    'PREVIOUS_SIGNING_KEY',
    'REDIS_PASSWORD',
    'SIGNING_KEY',
  ])
})

test('a secret from a file is the secret without the line end', () => {
  expect(loadConfig(inFiles)).toEqual(loadConfig(values))
  const windows = write('windows', 'a password\r\n')
  expect(loadConfig({ DB_PASSWORD_FILE: windows }).DB_PASSWORD).toBe('a password')
})

test('a secret may be a link, as Kubernetes makes them', () => {
  symlinkSync(join(folder, 'DB_PASSWORD'), join(folder, 'link'))
  expect(loadConfig({ DB_PASSWORD_FILE: join(folder, 'link') }).DB_PASSWORD).toBe('a password')
})

test('a child that inherits the variables takes the secrets by value', () => {
  const config = loadConfig(inFiles)
  expect(loadConfig(toEnvironment(config))).toEqual(config)
  expect(loadConfig({ ...inFiles, ...toEnvironment(config) })).toEqual(config)
})

test.each(secretNames)('%s as a value and as a file is refused', (name) => {
  const load = () => loadConfig({ ...inFiles, [name]: values[name] })
  expect(load).toThrow(new ConfigError(`${name} and ${name}_FILE are both set: set one of them`))
})

test('an empty variable beside a file is none, and an empty file variable is none', () => {
  expect(loadConfig({ ...inFiles, DB_PASSWORD: '' }).DB_PASSWORD).toBe('a password')
  expect(loadConfig({ DB_PASSWORD: 'x', DB_PASSWORD_FILE: '' }).DB_PASSWORD).toBe('x')
})

test.each([
  ['that is not there', () => join(folder, 'nowhere'), 'cannot be read (ENOENT)'],
  ['that is a folder', () => folder, 'is no file'],
  ['that is a device', () => '/dev/zero', 'is no file'],
  ['that is empty', () => write('empty', '\n'), 'is empty'],
  ['that is no secret', () => write('long', 'x'.repeat(1_048_577)), 'is longer than a mebibyte'],
])('a file %s is refused by its variable and path', (_, pathOf, reason) => {
  const path = pathOf()
  const load = () => loadConfig({ DB_PASSWORD_FILE: path })
  expect(load).toThrow(new ConfigError(`DB_PASSWORD_FILE names ${path}, which ${reason}`))
})

test('what is wrong in a file is said without its content', () => {
  const path = write('short', 'hunter2')
  expect(() => loadConfig({ JWT_SECRET_FILE: path })).toThrow(/^JWT_SECRET must have at least 32 characters$/)
})
