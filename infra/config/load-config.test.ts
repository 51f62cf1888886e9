import { expect, test } from 'vitest'
import { ConfigError, loadConfig, toEnvironment } from './load-config.ts'

test('without any variable it is the demo on one machine', () => {
  expect(loadConfig({})).toMatchObject({
    PORT: 3000,
    METRICS_PORT: 9090,
    WORKERS: 1,
    HOST: '127.0.0.1',
    DAYBOOK_DATA: '.daybook',
    SHARDS: 10,
    GATEWAY_TIMEOUT: 2_000,
    RATE_LIMIT_MAX_REQUESTS: 0,
  })
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
  })
  expect(config).toMatchObject({ PORT: 0, RATE_LIMIT_MAX_REQUESTS: 5, REQUIRE_IF_MATCH: true, HOST: '127.0.0.1' })
})

test.each([
  ['PORT', '70000'],
  ['PORT', 'http'],
  ['PORT', '3000.5'],
  ['SHARDS', '0'],
  ['SHARDS', '-1'],
  ['WORKERS', '0'],
  ['WORKERS', '65'],
  ['LOG_LEVEL', 'loud'],
  ['REQUIRE_IF_MATCH', 'maybe'],
  ['JWT_SECRET', 'short'],
])('%s=%s is refused by name', (name, value) => {
  const load = () => loadConfig({ [name]: value })
  expect(load).toThrow(ConfigError)
  expect(load).toThrow(new RegExp(`^${name} `))
})

test('a child process reads the same settings', () => {
  const config = loadConfig({ NODE_ENV: 'production', REQUIRE_IF_MATCH: 'true', JWT_SECRET: 'x'.repeat(32), PORT: '0' })
  expect(loadConfig(toEnvironment(config))).toEqual(config)
})
