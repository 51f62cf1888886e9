import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { redisSettings } from '../../app/engines/caches.ts'
import { loadConfig } from '../config/load-config.ts'
import { someEntry } from '../contracts/status-cache.ts'
import { type Authority, isOpensslHere, makeAuthority } from '../testing/certificates.ts'
import { connectRedis, RedisUnavailable } from './connection.ts'
import { redisStatusCache } from './status-cache.ts'
import { isRedisHere, lowPort, type RedisServers, startRedis } from './testing/redis-servers.ts'

const run = promisify(execFile)

/** Gives one server all slots of its cluster; resolves when it takes keys. */
const becomeCluster = async (port: number): Promise<void> => {
  const ask = (...args: readonly string[]) =>
    run('redis-cli', ['-p', String(port), '--no-auth-warning', '--user', 'ledger', '--pass', 'a:secret', ...args])
  await ask('cluster', 'addslotsrange', '0', '16383')
  await vi.waitUntil(async () => (await ask('cluster', 'info')).stdout.includes('cluster_state:ok'), 20_000)
}

describe.each([
  { name: 'a Redis', cluster: false },
  { name: 'a Redis Cluster', cluster: true },
])('$name with TLS and a user', { skip: !isRedisHere || !isOpensslHere }, ({ cluster }) => {
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
    const clusterOptions =
      '--tls-cluster yes --cluster-enabled yes --cluster-announce-ip 127.0.0.1 --cluster-config-file nodes.conf'
    const clustered = cluster ? clusterOptions.split(' ') : []
    servers = await startRedis([...tls, ...others, ...users.split(' '), ...clustered])
    if (cluster) await becomeCluster(servers.settings.nodes[0]?.port ?? 0)
    settings = {
      CACHE: 'redis',
      REDIS_HOST: `127.0.0.1:${port}`,
      REDIS_CLUSTER_MODE: String(cluster),
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
