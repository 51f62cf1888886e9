import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { isRedisHere, lowPorts, startRedis } from './redis-servers.ts'

test('no port is given twice, however often it is drawn, and none is the bus of another', async () => {
  let draws = 0
  let [from, to] = [0, 0]
  const draw = (min: number, max: number): number => {
    ;[from, to] = [min, max]
    return min + Math.floor(draws++ / 3)
  }
  const ports = await lowPorts(6, draw)
  expect(new Set(ports).size).toBe(6)
  expect(to - from).toBeLessThanOrEqual(10_000)
})

test.runIf(isRedisHere)('a server that cannot be started leaves nothing behind', async () => {
  const own = await mkdtemp(join(tmpdir(), 'daybook-redis-test-'))
  vi.stubEnv('TMPDIR', own)
  await expect(startRedis(['--no-such-option', 'x'])).rejects.toThrow(/a Redis on port \d+ has ended/)
  expect(await readdir(own)).toEqual([])
  vi.unstubAllEnvs()
  await rm(own, { recursive: true })
})
