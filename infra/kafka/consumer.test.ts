import { expect, test } from 'vitest'
import { patience } from './connection.ts'
import { consumerConfig } from './consumer.ts'

const config = consumerConfig({
  groupId: 'projections',
  patience: { sessionTimeoutMs: 6_000, rebalanceTimeoutMs: 8_000, silenceMs: 60_000 },
})

test('a consumer is told itself how long to try again, since it would give up after five tries', async () => {
  expect(config.retry).toMatchObject(patience)
  expect(patience.retries).toBeGreaterThanOrEqual(30)
  expect(await config.retry?.restartOnFailure?.(new Error('crashed'))).toBe(false)
})

test('another one takes over soon, but not from one that is only busy', () => {
  expect(config).toMatchObject({ sessionTimeout: 6_000, rebalanceTimeout: 8_000, allowAutoTopicCreation: false })
  expect(config.heartbeatInterval).toBeLessThanOrEqual(1_500)
})
