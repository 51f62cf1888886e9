import { expect, test } from 'vitest'
import { loadConfig, toEnvironment } from '../../infra/config/load-config.ts'
import { shareOf } from './share.ts'

test('workers share connections and gateway calls, and each has at least one', () => {
  expect(shareOf(loadConfig({ WORKERS: '3' }))).toMatchObject({ DB_POOL_MAX: 7, GATEWAY_MAX_CONCURRENT: 171 })
  expect(shareOf(loadConfig({ WORKERS: '64', DB_POOL_MAX: '1' }))).toMatchObject({ DB_POOL_MAX: 1 })
})

test('a worker can read its share', () => {
  const share = shareOf(loadConfig({ WORKERS: '64', DB_POOL_MIN: '20', DB_POOL_MAX: '20' }))
  expect(share).toMatchObject({ DB_POOL_MIN: 0, DB_POOL_MAX: 1 })
  expect(loadConfig(toEnvironment(share))).toEqual(share)
})
