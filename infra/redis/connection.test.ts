import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster } from 'ioredis'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { connectRedis } from './connection.ts'
import { isRedisHere, startRedisCluster } from './testing/redis-servers.ts'

describe.skipIf(!isRedisHere)('a connection to a cluster', () => {
  test('leaves nothing running when it is closed while it waits for the map', async () => {
    const servers = await startRedisCluster()
    onTestFinished(() => servers.stop())
    const asks = vi.spyOn(Cluster.prototype, 'refreshSlotsCache')
    onTestFinished(() => asks.mockRestore())
    const connection = connectRedis(servers.settings, 1_000, () => undefined)
    await vi.waitFor(() => connection.get('anything'), 10_000)
    await vi.waitUntil(() => asks.mock.calls.length >= 3, { timeout: 5_000 })
    for (const { pid = 0 } of servers.processes) process.kill(pid, 'SIGSTOP')
    const before = asks.mock.calls.length
    await vi.waitUntil(() => asks.mock.calls.length > before, { timeout: 5_000, interval: 10 })
    await connection.close()
    for (const { pid = 0 } of servers.processes) process.kill(pid, 'SIGCONT')
    // Longer than one that is under way takes.
    await sleep(1_000)
    asks.mockClear()
    await sleep(2_000)
    expect(asks).not.toHaveBeenCalled()
  })
})
