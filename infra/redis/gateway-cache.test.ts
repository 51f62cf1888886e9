import { afterAll, describe, expect, vi } from 'vitest'
import { describeGatewayCache } from '../contracts/gateway-cache.ts'
import type { RedisSettings } from './connection.ts'
import { redisSharedTier } from './shared-tier.ts'
import { isRedisHere, type RedisServers, startRedis, startRedisCluster } from './testing/redis-servers.ts'
import { runningRedis } from './testing/running-redis.ts'
import { connectTidily } from './testing/tidy-redis.ts'

/** What instances share, connected: it says nothing before. */
const open = async (settings: RedisSettings) => {
  const connection = connectTidily(settings, 10_000)
  const shared = redisSharedTier(connection, () => undefined)
  await vi.waitFor(async () => expect(await shared.get('gateway:config:nobody')).toBeNull(), 20_000)
  return {
    shared,
    close: () => {
      shared.end()
      return connection.close()
    },
  }
}

const running = runningRedis()

describe.runIf(running)('with the Redis that runs', () => {
  if (running !== undefined) describeGatewayCache('gateways', () => open(running))
})

describe.runIf(isRedisHere && !running)('with real servers', () => {
  for (const [name, start] of [
    ['gateways in one Redis', startRedis],
    ['gateways in a Redis Cluster', startRedisCluster],
  ] as const) {
    let servers: RedisServers | undefined
    afterAll(() => servers?.stop())
    describeGatewayCache(name, async () => {
      servers = await start()
      return open(servers.settings)
    })
  }
})
