import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { loadConfig } from '../../infra/config/load-config.ts'
import { startTestServer, type TestServer } from '../../infra/eventstoredb/test-server/test-server.ts'
import { connectRedis } from '../../infra/redis/connection.ts'
import { isRedisHere, type RedisServers, startRedis } from '../../infra/redis/testing/redis-servers.ts'
import { createKey } from './create-key.ts'
import { revokeKey } from './revoke-key.ts'

describe.skipIf(!isRedisHere)('a key that is revoked from the command line', () => {
  let folder = ''
  let store: TestServer
  let redis: RedisServers
  let config: ReturnType<typeof loadConfig>

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'daybook-keys-'))
    store = await startTestServer(folder)
    redis = await startRedis()
    const [{ host, port } = { host: '', port: 0 }] = redis.settings.nodes
    config = loadConfig({
      EVENT_STORE: 'eventstoredb',
      EVENTSTORE_CONNECTION_STRING: store.connectionString,
      CACHE: 'redis',
      REDIS_HOST: `${host}:${port}`,
    })
  })
  afterAll(async () => {
    await store.stop()
    await redis.stop()
    await rm(folder, { recursive: true, force: true })
  })

  /** What all instances share of the merchant. */
  const shared = async (merchantId: string): Promise<string> => {
    const connection = connectRedis({ ...redis.settings, retries: 100 }, 2_000, () => undefined)
    onTestFinished(() => connection.close())
    return (await connection.get(`merchant:${merchantId}`)) ?? ''
  }

  test('is so for all instances at once', async () => {
    const key = await createKey(config, { role: 'merchant', merchant: 'shop' })
    let untold = 0
    const id = await revokeKey(config, key, {}, () => untold++)
    expect(untold).toBe(0)
    const text = await shared('shop')
    expect(JSON.parse(text.slice(text.indexOf(':') + 1))).toMatchObject({ keys: [[id, { revoked: true }]] })
  })

  test('is revoked also while Redis is away, and that is told', async () => {
    const key = await createKey(config, { role: 'merchant', merchant: 'corner' })
    await redis.each[0]?.kill()
    let untold = 0
    await revokeKey(config, key, {}, () => untold++)
    expect(untold).toBe(1)
    await redis.each[0]?.restart()
    expect(await revokeKey(config, key, {}, () => untold++)).toMatch(/^key_/)
  })
})
