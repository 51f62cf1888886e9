import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EventFeed } from './event-feed.ts'
import { expectModelsOfParts } from './testing/expect-models.ts'
import { partedFeed } from './testing/parted-feed.ts'
import { randomFrom } from './testing/random.ts'
import { randomLog } from './testing/random-log.ts'
import { runFeed } from './testing/run-to-head.ts'
import { startTestReadModels, type TestReadModels } from './testing/test-read-models.ts'

/** `TEST_DELIVERIES=50000` for a short version. */
const deliveries = Number(process.env['TEST_DELIVERIES'] ?? 1_000_000)
const timeoutMs = 60_000 + deliveries / 5

let models: TestReadModels
beforeAll(async () => {
  models = await startTestReadModels(3, 8)
})
afterAll(() => models.stop())

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
    const { pool, server } = models
    await models.empty()
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
    await expectModelsOfParts(server, log)
    const parked = server.shards.map((schema) => `select stream from ${schema}.parked_streams`).join(' union all ')
    expect((await pool.query(parked)).rows).toEqual([])
  },
  timeoutMs,
)
