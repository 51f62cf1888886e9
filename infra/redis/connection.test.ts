import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster } from 'ioredis'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { connectRedis, RedisUnavailable } from './connection.ts'
import { isRedisHere, startRedis, startRedisCluster } from './testing/redis-servers.ts'
import { runningRedis } from './testing/running-redis.ts'
import { connectTidily } from './testing/tidy-redis.ts'

const running = runningRedis()

describe.skipIf(!isRedisHere || running)('a connection to a cluster', () => {
  test('leaves nothing running when it is closed while it waits for the map', async () => {
    const servers = await startRedisCluster()
    onTestFinished(() => servers.stop())
    const asks = vi.spyOn(Cluster.prototype, 'refreshSlotsCache')
    onTestFinished(() => asks.mockRestore())
    const connection = connectRedis(servers.settings, 1_000, () => undefined)
    await vi.waitFor(() => connection.get('anything'), 10_000)
    await vi.waitUntil(() => asks.mock.calls.length >= 3, { timeout: 5_000 })
    for (const node of servers.each) node.signal('SIGSTOP')
    const before = asks.mock.calls.length
    await vi.waitUntil(() => asks.mock.calls.length > before, { timeout: 5_000, interval: 10 })
    await connection.close()
    for (const node of servers.each) node.signal('SIGCONT')
    // Longer than one that is under way takes.
    await sleep(1_000)
    asks.mockClear()
    await sleep(2_000)
    expect(asks).not.toHaveBeenCalled()
  })

  test('finds who has taken the place of a master that is silent', async () => {
    const servers = await startRedisCluster()
    onTestFinished(() => servers.stop())
    const connection = connectRedis(servers.settings, 250, () => undefined)
    onTestFinished(() => connection.close())
    const keys = Array.from({ length: 60 }, (_, n) => `key-${n}`)
    const askAll = () => Promise.all(keys.map((key) => connection.get(key)))
    await vi.waitFor(askAll, 10_000)
    const masters = await Promise.all(servers.each.map((node) => node.isMaster()))
    const silent = servers.each[masters.indexOf(true)]
    silent?.signal('SIGSTOP')
    onTestFinished(() => silent?.signal('SIGCONT'))
    await expect(askAll()).rejects.toThrow(RedisUnavailable)
    await vi.waitFor(askAll, { timeout: 30_000, interval: 200 })
  }, 60_000)
})

describe.skipIf(!isRedisHere && !running)('a call that fails', () => {
  test('is made again as often as is allowed, unless that would count twice', async () => {
    const servers = running === undefined ? await startRedis() : undefined
    onTestFinished(() => servers?.stop())
    const settings = running ?? servers?.settings ?? { nodes: [], cluster: false }
    const [a, b] = [randomBytes(6).toString('hex'), randomBytes(6).toString('hex')]
    const connectWith = (retries: number) => {
      const connection = connectTidily({ ...settings, retries }, 10_000)
      onTestFinished(() => connection.close())
      return connection
    }
    // Nobody is connected yet: that is a failure at once.
    await expect(connectWith(0).get(a)).rejects.toThrow(RedisUnavailable)
    await expect(connectWith(500).get(a)).resolves.toBeNull()
    await expect(connectWith(500).run('setIfNewer', a, '1', 'text', '1000')).resolves.toBe(1)
    await expect(connectWith(500).run('count', b, '1000')).rejects.toThrow(RedisUnavailable)
  })
})
