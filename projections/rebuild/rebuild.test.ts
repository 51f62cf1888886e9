import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { tailFeed } from '../tail-feed.ts'
import { readCopies } from '../copies/read-copies.ts'
import type { LogReader } from '../log-reader.ts'
import { memoryLog } from '../testing/memory-log.ts'
import { appendAll, startEventLog, type TestEventLog } from '../testing/event-log.ts'
import { dumpCopy } from '../testing/dump-copy.ts'
import { allProjections, type Following, startFollowing } from '../testing/follow.ts'
import { randomLog } from '../testing/random-log.ts'
import { runFeed, runToHead } from '../testing/run-to-head.ts'
import { partedFeed } from '../testing/parted-feed.ts'
import { randomFrom } from '../testing/random.ts'
import { journalProjection } from '../journal/journal.ts'
import { startTestReadModels, type TestReadModels } from '../testing/test-read-models.ts'
import { paymentsProjection } from '../payments/payments.ts'
import type { Projection } from '../projection.ts'
import type { StreamReader } from '../stream-reader.ts'
import { uuidOf } from '../uuid.ts'
import { type Diff, diffCopies, differing } from './diff.ts'
import { dropCopies } from './drop.ts'
import { type Order, rebuild, type RebuildTools } from './rebuild.ts'
import { RebuildRefused } from './refused.ts'
import { rollBack, switchCopies } from './switch.ts'

const merchants = ['1042', '7', '13', 'shop_a', 'shop_b']

let models: TestReadModels
let server: TestReadModels['server']
let events: TestEventLog
let following: Following | undefined

beforeAll(async () => {
  models = await startTestReadModels(3, 8)
  server = models.server
})
afterAll(() => models.stop())
beforeEach(async () => {
  await models.empty()
  events = await startEventLog()
  return async () => {
    await following?.stop()
    following = undefined
    await events.stop()
  }
})

const never = new AbortController().signal
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

const build = (order: Order, more: Partial<RebuildTools> = {}, log: LogReader & StreamReader = events.log) =>
  rebuild(
    {
      servers: [server],
      feed: tailFeed(log),
      head: () => log.head(),
      streams: log,
      logger: quiet,
      signal: never,
      onProgress: () => undefined,
      ...more,
    },
    order,
  )

const copiesOf = async (name: string) =>
  server.transaction(async (sql) =>
    (await readCopies(sql, server.shards, [])).filter((each) => each.projection === name),
  )

/** Waits until all copies of all shards are at the log's end. */
const caughtUp = async (): Promise<void> => {
  const head = BigInt(await events.log.head())
  for (;;) {
    const behind = await server.transaction(async (sql) => {
      const schemas = await sql.query<{ name: string }>(
        "select nspname as name from pg_namespace where nspname ~ '^shard_'",
        [],
      )
      const counts = await sql.query<{ n: bigint }>(
        schemas
          .map(({ name }) => `select count(*) as n from ${name}.cursors where sequence < ${head}`)
          .join(' union all '),
        [],
      )
      return counts.reduce((sum, { n }) => sum + n, 0n)
    })
    if (behind === 0n) return
    await sleep(10)
  }
}

const sameAsLive = async (numbers: readonly [number, number] = [1, 2]): Promise<void> => {
  for (const projection of allProjections())
    expect(await dumpCopy(server, projection, numbers[1])).toBe(await dumpCopy(server, projection, numbers[0]))
}

const same = (diff: Diff): void => {
  expect(differing(diff)).toBe(0)
  for (const { live, copy } of diff.compared) expect(copy).toBe(live)
}

describe('a rebuilt copy', () => {
  test.each([101, 102, 103])('has the same bytes as the live one, and the same indexes (seed %i)', async (seed) => {
    await appendAll(events.log, randomLog(seed, 1_200, merchants))
    await runToHead(server, events.log)
    for (const projection of allProjections()) expect(await build({ projection })).toBe('caughtUp')
    await sameAsLive()
    const { rows } = await models.pool.query<{ schema: string; indexes: string[] }>(
      `select schemaname as schema, array_agg(replace(indexdef, schemaname || '.', '') order by indexdef) as indexes
       from pg_indexes where tablename = 'payments' and schemaname ~ '^shard_0' group by schemaname order by schemaname`,
    )
    const [first, ...others] = rows.filter(({ schema }) => schema === 'shard_0' || schema === 'shard_0_payments_2')
    expect(others.map(({ indexes }) => indexes)).toEqual([first?.indexes])
    for (const projection of allProjections()) same(await diffCopies([server], projection, never))
  })

  test('goes on where it was stopped, again and again', async () => {
    const log = randomLog(104, 1_200, merchants)
    await appendAll(events.log, log)
    await runToHead(server, events.log)
    const projection = paymentsProjection()
    for (const part of [5, 3, 2]) {
      const to = String(Math.floor(log.length / part))
      expect(await build({ projection, to })).toBe('builtTo')
      await expect(switchCopies([server], 'payments')).rejects.toThrow('built up to a position only')
      expect((await diffCopies([server], projection, never)).compared.map(({ copy }) => copy)).toEqual([to, to, to])
    }
    const stop = new AbortController()
    stop.abort()
    expect(await build({ projection }, { signal: stop.signal })).toBe('stopped')
    expect((await copiesOf('payments')).map(({ state, live }) => [state, live])).toEqual(
      server.shards.flatMap(() => [
        ['caughtUp', true],
        ['building', false],
      ]),
    )
    expect(await build({ projection })).toBe('caughtUp')
    expect(await dumpCopy(server, projection, 2)).toBe(await dumpCopy(server, projection, 1))
    same(await diffCopies([server], projection, never))
  })

  test('has parked the streams that the live one has', async () => {
    const log = randomLog(105, 600, merchants)
    const broken = log.findIndex(({ type }) => type === 'PaymentCaptured')
    const teleported = 'PaymentTeleported' as 'PaymentCaptured'
    const faulty = memoryLog(
      log.map((event, index) => (index === broken ? ({ ...event, type: teleported } as typeof event) : event)),
    )
    await runToHead(server, faulty)
    const projection = paymentsProjection()
    await build({ projection }, {}, faulty)
    expect(await dumpCopy(server, projection, 2)).toBe(await dumpCopy(server, projection, 1))
    const parked = (schema: (shard: string) => string) =>
      models.pool.query(
        server.shards
          .map(
            (shard) =>
              `select stream, sequence, reason from ${schema(shard)}.parked_streams where projection = 'payments'`,
          )
          .join(' union all '),
      )
    const { rows } = await parked((shard) => shard)
    expect(rows.length).toBeGreaterThan(0)
    expect((await parked((shard) => `${shard}_payments_2`)).rows).toEqual(rows)
  })

  test('of a feed that deals the log out to several parts is the same too, and has a cursor for each', async () => {
    const log = randomLog(111, 1_000, merchants)
    const feed = partedFeed(log, 5, randomFrom(111), { back: 0, loss: 0 })
    await runFeed(server, feed, String(log.length))
    for (const projection of [paymentsProjection(), journalProjection()]) {
      expect(await build({ projection }, { feed, head: async () => String(log.length) })).toBe('caughtUp')
      expect(await dumpCopy(server, projection, 2)).toBe(await dumpCopy(server, projection, 1))
      same(await diffCopies([server], projection, never))
      await switchCopies([server], projection.name)
    }
    const { rows } = await models.pool.query('select log, part, sequence from shard_0_journal_2.cursors order by part')
    expect(rows).toEqual([0, 1, 2, 3, 4].map((part) => ({ log: 0, part, sequence: BigInt(log.length) })))
  })

  test('of one shard is that shard alone', async () => {
    await appendAll(events.log, randomLog(106, 600, merchants))
    await runToHead(server, events.log)
    const projection = paymentsProjection()
    await build({ projection, shard: 'shard_2' })
    expect((await copiesOf('payments')).map(({ shard, number }) => [shard, number])).toEqual([
      ['shard_2', 1],
      ['shard_2', 2],
    ])
    await expect(build({ projection, shard: 'shard_1' })).rejects.toThrow('a copy of payments in shard_2 is there')
    expect(await switchCopies([server], 'payments')).toEqual({ number: 2, shards: 1 })
    expect(await rollBack([server], 'payments')).toEqual({ number: 1, shards: 1 })
  })
})

describe('beside a projector', () => {
  test('a copy is followed from when it has caught up, and no cache hears of it', async () => {
    const log = randomLog(107, 1_500, merchants)
    await appendAll(events.log, log.slice(0, 900))
    following = startFollowing(server, events.log)
    await caughtUp()
    const before = following.told.length
    const building = Promise.all(allProjections().map((projection) => build({ projection }, { maxRate: 2_000 })))
    for (let from = 900; from < log.length; from += 20) {
      await appendAll(events.log, log.slice(from, from + 20))
      await sleep(5)
    }
    await building
    await appendAll(events.log, [])
    await caughtUp()
    await sameAsLive()
    for (const projection of allProjections()) same(await diffCopies([server], projection, never))
    expect(following.warnings).toEqual([])
    const told = following.told.slice(before).map(({ id, version }) => `${id} ${version}`)
    expect(new Set(told).size).toBe(told.length)
  })

  test('after a switch the old copy is as new as the live one, until it is dropped', async () => {
    const log = randomLog(108, 1_200, merchants)
    await appendAll(events.log, log.slice(0, 500))
    following = startFollowing(server, events.log)
    await caughtUp()
    for (const projection of allProjections()) {
      await build({ projection })
      await caughtUp()
      expect(await switchCopies([server], projection.name)).toEqual({ number: 2, shards: 3 })
      await expect(build({ projection })).rejects.toThrow('is kept as the way back')
      await expect(switchCopies([server], projection.name)).rejects.toThrow('go back to it with a rollback')
    }
    await appendAll(events.log, log.slice(500, 900))
    await caughtUp()
    await sameAsLive()
    for (const projection of allProjections()) {
      expect(await rollBack([server], projection.name)).toEqual({ number: 1, shards: 3 })
      await expect(rollBack([server], projection.name)).rejects.toThrow('no switch')
      expect(await switchCopies([server], projection.name)).toEqual({ number: 2, shards: 3 })
      expect(await dropCopies([server], projection)).toBe(3)
      await expect(rollBack([server], projection.name)).rejects.toThrow(RebuildRefused)
      await expect(dropCopies([server], projection)).rejects.toThrow('no copy')
    }
    await appendAll(events.log, log.slice(900))
    await caughtUp()
    // And once more, from the log alone.
    for (const projection of allProjections()) {
      await build({ projection })
      await caughtUp()
    }
    await sameAsLive([2, 3])
    expect(following.warnings).toEqual([])
  })
})

describe('the diff', () => {
  test('tells rows only here, only there and different, by key and column', async () => {
    await appendAll(events.log, randomLog(109, 900, merchants))
    await runToHead(server, events.log)
    const projection = paymentsProjection()
    await build({ projection })
    const { rows: payments } = await models.pool.query<{ id: string; schema: string }>(
      server.shards.map((shard) => `select id::text, '${shard}' as schema from ${shard}.payments`).join(' union all ') +
        ' order by id',
    )
    const [changed, gone, alien] = payments
    await models.pool.query(`update ${changed?.schema}.payments set amount = 1234567 where id = $1`, [changed?.id])
    await models.pool.query(`delete from ${gone?.schema}.payments where id = $1`, [gone?.id])
    await models.pool.query(`delete from ${alien?.schema}_payments_2.payments where id = $1`, [alien?.id])
    const { tables } = await diffCopies([server], projection, never)
    expect(tables).toMatchObject([
      { table: 'payments', onlyLive: 1, onlyCopy: 1, different: 1, newColumns: [], goneColumns: [] },
    ])
    const examples = tables[0]?.examples ?? []
    const found = (which: string) => examples.find((each) => each.in === which)
    expect(uuidOf(found('both')?.key['id'] ?? '')).toBe(changed?.id)
    expect(found('both')?.columns).toMatchObject([{ name: 'amount', live: '1234567' }])
    expect([found('copy')?.key['id'], found('live')?.key['id']]).toEqual([gone?.id, alien?.id])
  })
})

/** The payments with one column more: how each was to be captured. */
const secondVersion = (): Projection => {
  const first = paymentsProjection()
  return {
    ...first,
    version: 2,
    changes: "alter table payments add column mode text not null default ''",
    anew: secondVersion,
    apply: async (shard, those) => {
      const changed = await first.apply(shard, those)
      const begun = those.flatMap(({ type, data }) =>
        type === 'PaymentAuthorizationRequested' && 'capture' in data ? [data] : [],
      )
      await shard.sql.query(
        `update ${shard.schema}.payments payment set mode = begun.mode
         from unnest($1::uuid[], $2::text[]) as begun (id, mode) where payment.id = begun.id`,
        [begun.map(({ paymentId }) => uuidOf(paymentId)), begun.map(({ capture }) => String(capture))],
      )
      return changed
    },
  }
}

test('a new version is built, compared and followed beside the old one, and takes its place', async () => {
  const log = randomLog(110, 1_000, merchants)
  await appendAll(events.log, log.slice(0, 500))
  following = startFollowing(server, events.log, [...allProjections(), secondVersion()])
  await caughtUp()
  await build({ projection: secondVersion() })
  await caughtUp()
  const diff = await diffCopies([server], secondVersion(), never)
  same(diff)
  expect(diff.tables).toMatchObject([{ table: 'payments', newColumns: ['mode'], goneColumns: [] }])
  await switchCopies([server], 'payments')
  await appendAll(events.log, log.slice(500))
  await caughtUp()
  same(await diffCopies([server], secondVersion(), never))
  const modes = await models.pool.query<{ mode: string }>(
    `select distinct mode from (${server.shards.map((shard) => `select mode from ${shard}_payments_2.payments`).join(' union all ')}) all_shards order by mode`,
  )
  expect(modes.rows.map(({ mode }) => mode)).toEqual(['automatic', 'manual'])
  await dropCopies([server], secondVersion())
  expect((await copiesOf('payments')).map(({ number, version, live }) => [number, version, live])).toEqual(
    server.shards.map(() => [2, 2, true]),
  )
  expect(following.warnings).toEqual([])
})

test('every table of a shard is one of a projection, so that a rebuild makes all of them', async () => {
  const { rows } = await models.pool.query<{ name: string }>(
    `select relname as name from pg_class join pg_namespace namespace on namespace.oid = relnamespace
     where nspname = 'shard_0' and relkind in ('r', 'p') and not relispartition order by relname`,
  )
  const all = ['cursors', 'parked_streams', ...allProjections().flatMap(({ tables }) => tables)]
  expect(rows.map(({ name }) => name)).toEqual(all.sort())
})
