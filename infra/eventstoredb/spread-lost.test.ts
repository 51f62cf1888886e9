import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sequenceIn, start } from '../../domain/position.ts'
import type { LogEvent } from '../../projections/unread.ts'
import { idsOf, someEvents, someStream } from '../contracts/some-events.ts'
import { type OpenStore, spreadStores } from '../spread-stores.ts'
import { openEventStoreDb } from './event-store.ts'
import { type Killable, startKillable } from './test-server/killable.ts'

let folder = ''
let servers: Killable[] = []
let stores: OpenStore[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-esdb-spread-'))
  servers = await Promise.all([0, 1, 2].map((n) => startKillable(join(folder, `log-${n}`))))
  stores = servers.map(({ connectionString }, log) =>
    // Those that live have one try for each append: what breaks elsewhere must not break theirs.
    openEventStoreDb({ connectionString, log, patience: { callMs: 30_000, allMs: log === 0 ? 30_000 : 0 } }),
  )
})
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()))
  await Promise.all(servers.map((server) => server.kill()))
  await rm(folder, { recursive: true, force: true })
})

test('one of three stores that is killed again and again takes nothing of the others with it', async () => {
  const spread = spreadStores(stores)
  const [mortal] = servers
  const written: { readonly stream: string; readonly ids: readonly string[] }[] = []
  let over = false
  const write = async (): Promise<void> => {
    while (!over) {
      const [stream, first, second] = [someStream(), someEvents(2), someEvents(1)]
      expect(await spread.append(stream, 'none', first)).toMatchObject({ type: 'appended', revision: 1 })
      expect(await spread.append(stream, 1, second)).toMatchObject({ type: 'appended', revision: 2 })
      written.push({ stream, ids: idsOf([...first, ...second]) })
    }
  }
  const ended = new AbortController()
  const seen: LogEvent[] = []
  const reading = (async () => {
    for await (const { events } of spread.subscribe(start, ended.signal)) seen.push(...events)
  })()
  const writers = Promise.all(Array.from({ length: 48 }, write))
  const sequenceOf = async (log: number): Promise<number> =>
    sequenceIn((await stores[log]?.head().catch(() => start)) ?? start, log)
  for (let round = 0; round < 5; round++) {
    const before = await Promise.all([0, 1, 2].map(sequenceOf))
    for (const log of [0, 1, 2]) {
      await expect.poll(() => sequenceOf(log), { timeout: 60_000 }).toBeGreaterThan((before[log] ?? 0) + 2_000)
    }
    await mortal?.kill()
    await mortal?.start()
  }
  over = true
  await writers
  const all = written.flatMap(({ ids }) => ids)
  await expect.poll(() => new Set(idsOf(seen)).size, { timeout: 60_000 }).toBe(all.length)
  ended.abort()
  await reading
  expect(new Set(idsOf(seen))).toEqual(new Set(all))
  expect(new Set(seen.map(({ log }) => log))).toEqual(new Set([0, 1, 2]))
  for (const { stream, ids } of written) expect(idsOf(await spread.readStream(stream))).toEqual(ids)
  expect((await spread.readAll(start, 1_000_000)).events).toHaveLength(all.length)
}, 240_000)
