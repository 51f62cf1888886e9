import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { describeStatusCache, type OpenedStatusCache, someEntry } from '../contracts/status-cache.ts'
import { connectRedis, type RedisConnection, type RedisSettings } from './connection.ts'
import { type RedisStatusCache, type RedisStatusCacheOptions, redisStatusCache } from './status-cache.ts'
import { isRedisHere, type RedisServers, startRedis, startRedisCluster } from './testing/redis-servers.ts'
import { runningRedis } from './testing/running-redis.ts'
import { connectTidily } from './testing/tidy-redis.ts'

const ignore = (): void => undefined

const patience = { timeout: 20_000, interval: 50 }

type Opened = RedisStatusCache & { close(): Promise<void> }

/** A cache that is connected: it says nothing before. */
const open = async (connection: RedisConnection, options: Partial<RedisStatusCacheOptions> = {}): Promise<Opened> => {
  const cache = redisStatusCache(connection, { onTrouble: ignore, onLookup: ignore, ...options })
  await vi.waitFor(async () => {
    const probe = someEntry(1)
    await cache.put(probe)
    expect(await cache.get(probe.id)).toEqual(probe)
  }, patience)
  const close = (): Promise<void> => {
    cache.end()
    return connection.close()
  }
  return { ...cache, close }
}

const openTidily = async (redis: RedisSettings, ttlMs: number): Promise<OpenedStatusCache> => {
  const cache = await open(connectTidily(redis, 10_000), { ttlMs })
  return { cache, close: () => cache.close() }
}

const running = runningRedis()

describe.runIf(running)('with the Redis that runs', () => {
  if (running === undefined) return
  describeStatusCache(running.cluster ? 'a Redis Cluster' : 'one Redis', (ttlMs) => openTidily(running, ttlMs))
})

describe.runIf(isRedisHere && !running)('with real servers', () => {
  for (const [name, start] of [
    ['one Redis', startRedis],
    ['a Redis Cluster', startRedisCluster],
  ] as const) {
    let servers: Promise<RedisServers> | undefined
    afterAll(async () => (await servers)?.stop())
    describeStatusCache(name, async (ttlMs) => {
      servers ??= start()
      return openTidily((await servers).settings, ttlMs)
    })
  }

  test('what is outdated is not found any more, nor written when it is older', async () => {
    const alone = await startRedis()
    const cache = await open(connectRedis(alone.settings, 2_000, ignore))
    const entries = Array.from({ length: 300 }, () => someEntry(3))
    await cache.putAll(entries)
    const ids = entries.map(({ id }) => id)
    await cache.outdateAll(new Map(ids.map((id, n) => [id, n < 200 ? 4 : 3])))
    const found = await Promise.all(ids.map((id) => cache.get(id)))
    expect(found).toEqual(entries.map((entry, n) => (n < 200 ? undefined : entry)))
    await cache.putAll(entries)
    expect(await cache.get(ids[0] ?? '')).toBeUndefined()
    await cache.put({ ...someEntry(4), id: ids[0] ?? '' })
    expect(await cache.get(ids[0] ?? '')).toMatchObject({ version: 4 })
    await cache.close()
    await alone.stop()
  })

  test('what could not be outdated in time is by and by, and not found by who knows of it meanwhile', async () => {
    const alone = await startRedis()
    const cache = await open(connectRedis(alone.settings, 2_000, ignore))
    const another = await open(connectRedis(alone.settings, 2_000, ignore))
    const entries = Array.from({ length: 300 }, () => someEntry(3))
    await cache.putAll(entries)
    alone.each[0]?.signal('SIGSTOP')
    const outdated = cache.outdateAll(new Map(entries.map(({ id }) => [id, 4])))
    setTimeout(() => alone.each[0]?.signal('SIGCONT'), 500)
    await outdated
    expect(await cache.get(entries.at(-1)?.id ?? '')).toBeUndefined()
    const first = async () => Promise.all(entries.map(({ id }) => another.get(id)))
    await vi.waitFor(async () => expect(await first()).toEqual(entries.map(() => undefined)), patience)
    await cache.close()
    await another.close()
    await alone.stop()
  })

  describe('a Redis that is silent, then gone, then back', () => {
    let servers: RedisServers
    let cache: Opened
    const lookups: string[] = []
    beforeAll(async () => {
      servers = await startRedis()
      cache = await open(connectRedis(servers.settings, 25, ignore), { onLookup: (result) => lookups.push(result) })
    })
    afterAll(async () => {
      await cache.close()
      await servers.stop()
    })

    test('says so in time, without an error', async () => {
      const [server] = servers.each
      const entry = someEntry(1)
      await cache.put(entry)
      server?.signal('SIGSTOP')
      for (let n = 0; n < 20; n++) expect(await cache.get(entry.id)).toBeUndefined()
      await cache.put(someEntry(2, entry.id))
      expect(new Set(lookups.slice(-20))).toEqual(new Set(['unavailable']))
      server?.signal('SIGCONT')
    })

    test('what could not be written does not come back as it was before', async () => {
      const [server] = servers.each
      const entry = someEntry(1)
      await expect.poll(() => cache.put(entry).then(() => cache.get(entry.id))).toEqual(entry)
      server?.signal('SIGSTOP')
      for (let n = 0; n < 6; n++) await cache.get(entry.id)
      await cache.put(someEntry(2, entry.id))
      server?.signal('SIGCONT')
      const seen: unknown[] = []
      for (let n = 0; n < 30; n++) {
        seen.push((await cache.get(entry.id))?.version)
        await sleep(50)
      }
      expect(new Set(seen)).not.toContain(1)
      await expect.poll(() => lookups.at(-1)).toBe('miss')
      // Somebody has read it from a replica that is behind.
      await cache.put(entry)
      expect(await cache.get(entry.id)).toBeUndefined()
      await cache.put(someEntry(2, entry.id))
      expect((await cache.get(entry.id))?.version).toBe(2)
    })
  })
})
