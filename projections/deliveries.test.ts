import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closePool, openPool } from '../infra/postgres/pools.ts'
import { readModelServer } from '../infra/postgres/read-model-server.ts'
import { poolSettings, startTestPostgres, type TestPostgres } from '../infra/postgres/testing/test-postgres.ts'
import type { EventFeed } from './event-feed.ts'
import { migrate } from './migrate.ts'
import { expectedModels } from './testing/expected-models.ts'
import { partedFeed } from './testing/parted-feed.ts'
import { randomFrom } from './testing/random.ts'
import { randomLog } from './testing/random-log.ts'
import { type Models, readModels, sorted, tables } from './testing/read-models.ts'
import { runFeed } from './testing/run-to-head.ts'

/** `TEST_DELIVERIES=1000000` for the long version. */
const deliveries = Number(process.env['TEST_DELIVERIES'] ?? 50_000)
const timeoutMs = 60_000 + deliveries

let postgres: TestPostgres
let pool: pg.Pool
beforeAll(async () => {
  postgres = await startTestPostgres()
  pool = openPool(postgres.connection, { ...poolSettings, max: 8 }, () => undefined)
})
afterAll(async () => {
  await closePool(pool)
  await postgres.stop()
})

/** The same feed, which counts the events that it hands out and how many of them it has handed out before. */
const counted = (feed: EventFeed) => {
  const seen = new Set<number>()
  const count = { events: 0, again: 0, back: 0 }
  const reached = new Map<number, number>()
  const subscribe: EventFeed['subscribe'] = async function* (from, signal) {
    for await (const batch of feed.subscribe(from, signal)) {
      for (const { part, after, events } of batch) {
        if (after < (reached.get(part) ?? 0)) count.back++
        reached.set(part, events.at(-1)?.sequence ?? after)
        count.events += events.length
        for (const { sequence } of events) {
          if (seen.has(sequence)) count.again++
          seen.add(sequence)
        }
      }
      yield batch
    }
  }
  return { feed: { ...feed, subscribe }, count }
}

test(
  `${deliveries} deliveries with copies, rewinds and losses, in any order of the parts, are a fold of the log`,
  async () => {
    const server = readModelServer(pool, 3)
    await migrate(server)
    const steps = Math.round(Math.min(20_000, deliveries / 20))
    const log = randomLog(71, steps, ['1042', '7', '13', 'shop_a', 'shop_b'])
    const mischief = { back: 0.01, loss: 0.05, atLeast: deliveries }
    const { feed, count } = counted(partedFeed(log, 12, randomFrom(71), mischief))
    const holes = await runFeed(server, feed, String(log.length))
    const told = `${log.length} events in the log, ${count.events} handed out, ${count.again} of them again, ${count.back} rewinds, ${holes} holes`
    process.stdout.write(`${told}\n`)
    expect(count.events).toBeGreaterThanOrEqual(deliveries)
    expect(count.again).toBeGreaterThan(0)
    expect(holes).toBeGreaterThan(0)
    // Since when a payout waits depends on the order of its events and its merchant's, which nobody vouches for.
    const timeless = (models: Models): Models =>
      sorted({ ...models, open_payouts: models.open_payouts.map((row) => ({ ...row, since: '' })) })
    const found = timeless(await readModels(server))
    const expected = timeless(expectedModels(log))
    for (const table of tables) expect({ [table]: found[table] }).toEqual({ [table]: expected[table] })
    const parked = server.shards.map((schema) => `select stream from ${schema}.parked_streams`).join(' union all ')
    expect((await pool.query(parked)).rows).toEqual([])
  },
  timeoutMs,
)
