import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { RecordedEvent } from '../domain/event.ts'
import { journalProjection } from './journal/journal.ts'
import { reachedBy } from './reached.ts'
import { expectModelsOfParts } from './testing/expect-models.ts'
import { inOrder, memoryLog } from './testing/memory-log.ts'
import { type Mischief, partedFeed } from './testing/parted-feed.ts'
import { randomFrom } from './testing/random.ts'
import { randomLog } from './testing/random-log.ts'
import { tables } from './testing/read-models.ts'
import { runFeed, runToHead } from './testing/run-to-head.ts'
import { startTestReadModels, type TestReadModels } from './testing/test-read-models.ts'

const merchants = ['1042', '7', '13', 'shop_a', 'shop_b']
const parts = 5
const ofPeriods = ['period_totals', 'period_daily_totals', 'period_times']

let models: TestReadModels
let pool: TestReadModels['pool']
let server: TestReadModels['server']

beforeAll(async () => {
  models = await startTestReadModels(3, 8)
  ;({ pool, server } = models)
})
afterAll(() => models.stop())
beforeEach(() => models.empty())

const headOf = (log: readonly RecordedEvent[]): string => String(log.length)
const run = (log: readonly RecordedEvent[], seed: number, mischief: Mischief): Promise<number> =>
  runFeed(server, partedFeed(log, parts, randomFrom(seed), mischief), headOf(log))
const expectModels = async (log: readonly RecordedEvent[]): Promise<void> => {
  const { rows } = await pool.query(
    server.shards.map((schema) => `select stream, reason from ${schema}.parked_streams`).join(' union all '),
  )
  expect(rows).toEqual([])
  await expectModelsOfParts(server, log)
}

test.each([31, 32, 33])(
  'the read models are a fold of the log in whatever order the parts come (seed %i)',
  async (seed) => {
    const log = randomLog(seed, 2_000, merchants)
    expect(await run(log, seed, { back: 0, loss: 0 })).toBe(0)
    await expectModels(log)
  },
)

test.each([34, 35])('also when each part goes back again and again (seed %i)', async (seed) => {
  const log = randomLog(seed, 2_000, merchants)
  await run(log, seed, { back: 0.2, loss: 0 })
  await expectModels(log)
})

test.each([36, 37])('also when stretches are lost: they are read from the log (seed %i)', async (seed) => {
  const log = randomLog(seed, 2_000, merchants)
  expect(await run(log, seed, { back: 0.1, loss: 0.3 })).toBeGreaterThan(0)
  await expectModels(log)
})

test('what the feed has not at all is read from the log once, not once for each part', async () => {
  const log = randomLog(41, 7_000, merchants)
  const source = memoryLog(log)
  let read = 0
  const counted = {
    readAll: async (...args: Parameters<typeof source.readAll>) => {
      const batch = await source.readAll(...args)
      read += batch.events.length
      return batch
    },
  }
  await runFeed(server, partedFeed(log, parts, randomFrom(41), { back: 0, loss: 1 }, counted), headOf(log))
  await expectModels(log)
  expect(read).toBeLessThan(2 * log.length + parts * 2_000)
})

test('also when several projectors take all parts for theirs', async () => {
  const log = randomLog(38, 1_500, merchants)
  await Promise.all([1, 2, 3].map((seed) => run(log, seed, { back: 0.1, loss: 0.1 })))
  await expectModels(log)
})

test('the rows are as far as the part that is furthest behind', async () => {
  const log = randomLog(39, 300, merchants)
  await run(log, 39, { back: 0, loss: 0 })
  await pool.query(`update shard_1.cursors set sequence = 17 where part = 3 and projection = 'payments'`)
  expect(await reachedBy(server)).toEqual([
    { schema: 'shard_0', position: headOf(log) },
    { schema: 'shard_1', position: '17' },
    { schema: 'shard_2', position: headOf(log) },
  ])
})

test('what is gone with a lagging database is taken from the feed again, which has left nothing out', async () => {
  const log = randomLog(40, 1_200, merchants)
  await runToHead(server, memoryLog(log.slice(0, 400)))
  await pool.query(`create schema saved`)
  const all = server.shards.flatMap((schema) =>
    ['cursors', ...tables.filter((table) => table !== 'postings'), 'journal', ...ofPeriods].map(
      (table) => [schema, table] as const,
    ),
  )
  for (const [schema, table] of all)
    await pool.query(`create table saved.${schema}_${table} as table ${schema}.${table}`)
  let goneBack = false
  let subscriptions = 0
  const source = memoryLog(log, inOrder(50))
  const holes = await runToHead(server, {
    ...source,
    async *subscribe(from, signal) {
      subscriptions++
      for await (const batch of source.subscribe(from, signal)) {
        yield batch
        if (goneBack) continue
        goneBack = true
        await new Promise((resolve) => setTimeout(resolve, 300))
        for (const [schema, table] of all) {
          await pool.query(`delete from ${schema}.${table}`)
          await pool.query(`insert into ${schema}.${table} select * from saved.${schema}_${table}`)
        }
      }
    },
  })
  expect(goneBack).toBe(true)
  expect(subscriptions).toBe(2)
  expect(holes).toBe(0)
  await expectModels(log)
})

test('read models of one feed are not gone on with by another', async () => {
  const log = randomLog(41, 100, merchants)
  await runToHead(server, memoryLog(log))
  const other = partedFeed(log, parts, randomFrom(1), { back: 0, loss: 0 })
  const warnings: unknown[] = []
  const stopped = new AbortController()
  const { runProjector } = await import('./projector.ts')
  const { partitionsOf } = await import('./partitions.ts')
  await runProjector(
    {
      feed: other,
      server,
      partitions: partitionsOf(server),
      projections: [{ ...journalProjection(), apply: async () => [] }],
      statusCache: { put: () => undefined },
      logger: {
        info: () => undefined,
        error: () => undefined,
        warn: ({ err }) => {
          warnings.push(err)
          stopped.abort()
        },
      },
      onProgress: () => undefined,
      onHole: () => undefined,
    },
    stopped.signal,
  )
  expect(String(warnings[0])).toContain('a feed of 1 parts and cannot go on with one of 5')
  await pool.query('drop schema if exists saved cascade')
})
