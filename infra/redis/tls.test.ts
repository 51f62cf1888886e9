import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { redisSettings } from '../../app/engines/caches.ts'
import { loadConfig } from '../config/load-config.ts'
import { someEntry } from '../contracts/status-cache.ts'
import { type Authority, isOpensslHere, makeAuthority } from '../testing/certificates.ts'
import { connectRedis, RedisUnavailable } from './connection.ts'
import { redisStatusCache } from './status-cache.ts'
import { isRedisHere, lowPort, type RedisServers, startRedis } from './testing/redis-servers.ts'

describe.skipIf(!isRedisHere || !isOpensslHere)('a Redis with TLS and a user', () => {
  let trusted: Authority
  let unknown: Authority
  let servers: RedisServers
  let settings: Readonly<Record<string, string>>

  beforeAll(async () => {
    trusted = await makeAuthority()
    unknown = await makeAuthority()
    const { certPath, keyPath } = await trusted.certify()
    const port = await lowPort()
    const tls = ['--tls-port', String(port), '--tls-cert-file', certPath, '--tls-key-file', keyPath]
    const others = ['--tls-ca-cert-file', trusted.caPath, '--tls-auth-clients', 'no']
    const users = '--user default on nopass -@all +ping --user ledger on >a:secret ~* &* +@all'
    servers = await startRedis([...tls, ...others, ...users.split(' ')])
    settings = {
      CACHE: 'redis',
      REDIS_HOST: `127.0.0.1:${port}`,
      REDIS_TLS: 'true',
      REDIS_TLS_CA: trusted.caPath,
      REDIS_USERNAME: 'ledger',
      REDIS_PASSWORD: 'a:secret',
    }
  })
  afterAll(async () => {
    await trusted.remove()
    await unknown.remove()
    await servers.stop()
  })

  /** Connects by these settings; `troubles` is what was heard of it. */
  const connectBy = (more: Readonly<Record<string, string>>, timeoutMs: number) => {
    const troubles: string[] = []
    const config = loadConfig({ ...settings, ...more })
    const connection = connectRedis(redisSettings(config), timeoutMs, ({ message }) => troubles.push(message))
    onTestFinished(() => connection.close())
    return { connection, troubles }
  }

  test('keeps what is put', async () => {
    const { connection } = connectBy({}, 10_000)
    const cache = redisStatusCache(connection, { onLookup: () => undefined, onTrouble: () => undefined })
    onTestFinished(() => cache.end())
    const entry = someEntry(1)
    await vi.waitFor(async () => {
      await cache.put(entry)
      expect(await cache.get(entry.id)).toEqual(entry)
    }, 10_000)
  })

  test.each([
    ['a wrong password', () => ({ REDIS_PASSWORD: 'b' }), /WRONGPASS/],
    ['an unknown authority', () => ({ REDIS_TLS_CA: unknown.caPath }), /certificate/],
    [
      'the certificate of another host',
      () => ({ REDIS_HOST: settings['REDIS_HOST']?.replace('127.0.0.1', 'localhost') ?? '' }),
      /does not match certificate/,
    ],
  ])('with %s is not there, and says why', async (_, more, why) => {
    const { connection, troubles } = connectBy(more(), 1_000)
    await vi.waitUntil(() => troubles.some((trouble) => why.test(trouble)), 20_000)
    for (let tries = 0; tries < 5; tries++) {
      const asked = [connection.get('a'), connection.run('setIfNewer', 'a', '1', 'text', '1000')]
      for (const each of asked) await expect(each).rejects.toThrow(RedisUnavailable)
    }
  })
})
