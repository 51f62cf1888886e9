import { expect, test } from 'vitest'
import { loadConfig } from '../infra/config/load-config.ts'
import { assertEmbedded } from './embedded-only.ts'

test('the embedded engines are run', () => {
  expect(() => assertEmbedded(loadConfig({}))).not.toThrow()
})

test.each([
  ['FEED', { FEED: 'kafka', KAFKA_BROKERS: 'localhost:9092' }],
  ['CACHE', { CACHE: 'redis', REDIS_HOST: 'localhost' }],
])('%s is refused by name, not ignored', (name, environment) => {
  const config = { ...loadConfig({}), ...environment } as ReturnType<typeof loadConfig>
  expect(() => assertEmbedded(config)).toThrow(new RegExp(`^${name}=.* is not run yet`))
})
