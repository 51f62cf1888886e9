import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { RateLimiter } from '../../http/rate-limit.ts'
import { memoryRateLimiter } from '../auth/memory-rate-limiter.ts'
import { connectRedis, type RedisConnection } from './connection.ts'
import { redisRateLimiter } from './rate-limiter.ts'
import { isRedisHere, type RedisServers, startRedis } from './testing/redis-servers.ts'

const ignore = (): void => undefined

describe.runIf(isRedisHere)('with a real Redis', () => {
  let servers: RedisServers
  const connections: RedisConnection[] = []
  const connected = () => vi.waitFor(() => Promise.all(connections.map((connection) => connection.get('any'))))
  let now = 1_700_000_000_000
  const limiter = (timeoutMs: number): RateLimiter => {
    const connection = connectRedis(servers.settings, timeoutMs, ignore)
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
  beforeAll(async () => {
    servers = await startRedis()
  })
  afterAll(async () => {
    for (const connection of connections) await connection.close()
    await servers.stop()
  })

  test('what one instance counts counts for the others, until the next window', async () => {
    const [one, other] = [limiter(10_000), limiter(10_000)]
    await connected()
    const uses = [await one.consume('merchant 1'), await other.consume('merchant 1'), await one.consume('merchant 1')]
    expect(uses.map(({ remaining }) => remaining)).toEqual([2, 1, 0])
    expect(await other.consume('merchant 1')).toEqual({ allowed: false, limit: 3, remaining: 0, resetSeconds: 40 })
    expect(await other.consume('merchant 2')).toMatchObject({ allowed: true, remaining: 2 })
    now += 40_000
    expect(await one.consume('merchant 1')).toEqual({ allowed: true, limit: 3, remaining: 2, resetSeconds: 60 })
  })

  test('while Redis is silent each counts for itself', async () => {
    const one = limiter(100)
    await connected()
    servers.each[0]?.signal('SIGSTOP')
    const uses = [await one.consume('merchant 3'), await one.consume('merchant 3'), await one.consume('merchant 3')]
    expect(uses.map(({ allowed }) => allowed)).toEqual([true, true, true])
    expect((await one.consume('merchant 3')).allowed).toBe(false)
    servers.each[0]?.signal('SIGCONT')
  })
})
