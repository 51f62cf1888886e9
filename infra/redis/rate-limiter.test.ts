import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { RateLimiter } from '../../http/rate-limit.ts'
import { memoryRateLimiter } from '../auth/memory-rate-limiter.ts'
import { connectRedis, type RedisConnection, type RedisSettings } from './connection.ts'
import { redisRateLimiter } from './rate-limiter.ts'
import { isRedisHere, type RedisServers, startRedis } from './testing/redis-servers.ts'
import { runningRedis } from './testing/running-redis.ts'
import { connectTidily } from './testing/tidy-redis.ts'

const ignore = (): void => undefined

/** Redis may be somebody else's, and others may have been here a moment ago. */
const someone = (): string => `merchant ${randomBytes(6).toString('hex')}`

const running = runningRedis()

describe.runIf(isRedisHere || running)('with a real Redis', () => {
  let servers: RedisServers | undefined
  const connections: RedisConnection[] = []
  const connected = () => vi.waitFor(() => Promise.all(connections.map((connection) => connection.get('any'))), 10_000)
  let now = 1_700_000_000_000
  const limiterOn = (connection: RedisConnection): RateLimiter => {
    connections.push(connection)
    const alone = memoryRateLimiter(3, 60_000)
    if (alone === undefined) throw new Error('no limit')
    return redisRateLimiter(connection, {
      maxRequests: 3,
      windowMs: 60_000,
      alone,
      clock: () => now,
      onTrouble: ignore,
    })
  }
  const settings = (): RedisSettings => {
    const found = running ?? servers?.settings
    if (found === undefined) throw new Error('there is no Redis')
    return found
  }
  beforeAll(async () => {
    if (running === undefined) servers = await startRedis()
  })
  afterAll(async () => {
    for (const connection of connections) await connection.close()
    await servers?.stop()
  })

  test('what one instance counts counts for the others, until the next window', async () => {
    const one = limiterOn(connectTidily(settings(), 10_000))
    const other = limiterOn(connectTidily(settings(), 10_000))
    await connected()
    const [first, second] = [someone(), someone()]
    const uses = [await one.consume(first), await other.consume(first), await one.consume(first)]
    expect(uses.map(({ remaining }) => remaining)).toEqual([2, 1, 0])
    expect(await other.consume(first)).toEqual({ allowed: false, limit: 3, remaining: 0, resetSeconds: 40 })
    expect(await other.consume(second)).toMatchObject({ allowed: true, remaining: 2 })
    now += 40_000
    expect(await one.consume(first)).toEqual({ allowed: true, limit: 3, remaining: 2, resetSeconds: 60 })
  })

  test.skipIf(running)('while Redis is silent each counts for itself', async () => {
    const one = limiterOn(connectRedis(settings(), 100, ignore))
    await connected()
    servers?.each[0]?.signal('SIGSTOP')
    const merchant = someone()
    const uses = [await one.consume(merchant), await one.consume(merchant), await one.consume(merchant)]
    expect(uses.map(({ allowed }) => allowed)).toEqual([true, true, true])
    expect((await one.consume(merchant)).allowed).toBe(false)
    servers?.each[0]?.signal('SIGCONT')
  })
})
