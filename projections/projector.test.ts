import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { closePool, openPool } from '../infra/postgres/pools.ts'
import { poolSettings } from '../infra/postgres/testing/test-postgres.ts'
import { eventTypes } from '../domain/event-types.ts'
import { type ReadModelServer, StoreUnavailable } from './read-model-store.ts'
import type { StatusCache, StatusEntry } from './status-cache.ts'
import { expectModels } from './testing/expect-models.ts'
import { expectedModels } from './testing/expected-models.ts'
import { type Delivery, inOrder, memoryLog } from './testing/memory-log.ts'
import { randomFrom } from './testing/random.ts'
import { randomLog } from './testing/random-log.ts'
import { runToHead } from './testing/run-to-head.ts'
import { startTestReadModels, type TestReadModels } from './testing/test-read-models.ts'

const merchants = ['1042', '7', '13', 'shop_a', 'shop_b']
const deaf: StatusCache = { put: () => undefined }

let models: TestReadModels
let pool: TestReadModels['pool']
let server: ReadModelServer

beforeAll(async () => {
  models = await startTestReadModels(3)
  ;({ pool, server } = models)
})
afterAll(() => models.stop())
beforeEach(() => models.empty())

const parked = async (): Promise<readonly (readonly [string, string, string])[]> => {
  const selects = server.shards.map((schema) => `select projection, stream, reason from ${schema}.parked_streams`)
  const { rows } = await pool.query<{ projection: string; stream: string; reason: string }>(
    `${selects.join(' union all ')} order by projection, stream`,
  )
  return rows.map(({ projection, stream, reason }) => [projection, stream, reason])
}

describe('the read models', () => {
  test.each([1, 2, 3])('are what a fold of the log is, in batches of any size (seed %i)', async (seed) => {
    const log = randomLog(seed, 2_500, merchants)
    await runToHead(server, memoryLog(log, inOrder(1 + randomFrom(seed).below(400))))
    await expectModels(server, log)
    expect(await parked()).toEqual([])
  })

  test('know every type of event', () => {
    const seen = new Set([1, 2, 3].flatMap((seed) => randomLog(seed, 2_500, merchants).map(({ type }) => type)))
    const changesNothing = [
      'FeeScheduleSet',
      'GatewayPreferenceSet',
      'ApiKeyIssued',
      'ApiKeyRevoked',
      'PersonalDataForgotten',
      'ParkedStreamDiscarded',
    ]
    expect(eventTypes.filter((type) => !seen.has(type))).toEqual(changesNothing)
  })

  test('are the same when nothing is remembered between batches', async () => {
    const log = randomLog(4, 1_500, merchants)
    await runToHead(server, memoryLog(log, inOrder(7)), deaf, 1)
    await expectModels(server, log)
  })

  test.each([5, 6])('are the same when the log is delivered again and again (seed %i)', async (seed) => {
    const log = randomLog(seed, 1_500, merchants)
    const random = randomFrom(seed)
    const backAndForth: Delivery = function* (from, length) {
      for (let begin = from; begin < length; ) {
        const end = Math.min(begin + 1 + random.below(300), length)
        yield [begin, end]
        begin = random.chance(0.3) ? random.below(end) : end
      }
    }
    await runToHead(server, memoryLog(log, backAndForth))
    await runToHead(server, { ...memoryLog(log), subscribe: (_, signal) => memoryLog(log).subscribe('0', signal) })
    await expectModels(server, log)
    expect(await parked()).toEqual([])
  })

  test('are the same when connections are lost at any moment', async () => {
    const log = randomLog(8, 1_000, merchants)
    const killer = openPool(models.connection, { ...poolSettings, name: 'killer' }, () => undefined)
    const kill = setInterval(() => {
      // Other databases of the server may be other tests'.
      void killer.query(`
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'test' and datname = current_database()`)
    }, 400)
    try {
      await runToHead(server, memoryLog(log, inOrder(20)))
    } finally {
      clearInterval(kill)
      await closePool(killer)
    }
    await expectModels(server, log)
    expect(await parked()).toEqual([])
  })

  test('are the same when a commit was done but never answered', async () => {
    const log = randomLog(9, 1_000, merchants)
    const random = randomFrom(9)
    const forgetful: ReadModelServer = {
      ...server,
      transaction: async (work) => {
        const result = await server.transaction(work)
        if (random.chance(0.2)) throw new StoreUnavailable('no answer')
        return result
      },
    }
    await runToHead(forgetful, memoryLog(log, inOrder(100)))
    await expectModels(server, log)
  })

  test('are the same when two projectors do the same work', async () => {
    const log = randomLog(10, 1_500, merchants)
    await Promise.all([runToHead(server, memoryLog(log, inOrder(31))), runToHead(server, memoryLog(log, inOrder(53)))])
    await expectModels(server, log)
    expect(await parked()).toEqual([])
  })

  test('sum to zero in every currency and layer', async () => {
    await runToHead(server, memoryLog(randomLog(11, 2_000, merchants)))
    const selects = server.shards.map((schema) => `select currency, layer, amount from ${schema}.postings`)
    const { rows } = await pool.query<{ sum: string }>(
      `select sum(amount)::text as sum from (${selects.join(' union all ')}) postings group by currency, layer`,
    )
    expect(rows).toEqual(Array(4).fill({ sum: '0' }))
  })

  test('take events of any month', async () => {
    const years = [2019, 2031, 1999]
    const log = randomLog(12, 300, merchants).map((event, index) => ({
      ...event,
      recordedAt: event.recordedAt.replace('2026', String(years[index % 3])),
    }))
    await runToHead(server, memoryLog(log, inOrder(100)))
    await expectModels(server, log)
    expect(await parked()).toEqual([])
  })

  test('have cursors that move in shards without events too', async () => {
    const log = randomLog(13, 100, ['7'])
    await runToHead(server, memoryLog(log))
    const selects = server.shards.map((schema) => `select projection, sequence from ${schema}.cursors`)
    const { rows } = await pool.query(selects.join(' union all '))
    expect(rows).toHaveLength(12)
    expect(new Set(rows.map(({ sequence }) => sequence))).toEqual(new Set([BigInt(log.length)]))
  })
})

describe('the status cache', () => {
  test('is told each version that was written, and the last of each in the end', async () => {
    const log = randomLog(14, 800, merchants)
    const latest = new Map<string, StatusEntry>()
    const put = (entries: readonly StatusEntry[]): void => {
      for (const entry of entries) {
        expect(entry.version).toBeGreaterThan(latest.get(entry.id)?.version ?? -1)
        latest.set(entry.id, entry)
      }
    }
    await runToHead(server, memoryLog(log, inOrder(90)), { put })
    const { payments, payouts } = expectedModels(log)
    expect(new Set([...latest.values()].map(({ document }) => document))).toEqual(
      new Set([...payments, ...payouts].map(({ document }) => document)),
    )
    expect(Math.max(...[...latest.values()].map(({ position }) => Number(position)))).toBeLessThanOrEqual(log.length)
  })

  test('is told all that was written before the projector ends, however slow it is', async () => {
    const log = randomLog(16, 200, merchants)
    const told = new Set<string>()
    const put = async (entries: readonly StatusEntry[]): Promise<void> => {
      await sleep(50)
      for (const { document } of entries) told.add(document)
    }
    await runToHead(server, memoryLog(log, inOrder(200)), { put })
    const { payments, payouts } = expectedModels(log)
    expect(told).toEqual(new Set([...payments, ...payouts].map(({ document }) => document)))
  })

  test('is not waited for when it never answers', async () => {
    const log = randomLog(17, 100, merchants)
    await runToHead(server, memoryLog(log, inOrder(100)), { put: () => new Promise(() => undefined) })
    await expectModels(server, log)
  })

  test('does not hold up anything when it fails', async () => {
    const log = randomLog(15, 300, merchants)
    const put = (): never => {
      throw new Error('no room')
    }
    await runToHead(server, memoryLog(log, inOrder(50)), { put })
    await expectModels(server, log)
  })
})
