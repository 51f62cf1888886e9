import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ReadModelBehind } from '../../command-side/settlements/unsettled.ts'
import type { RecordedEvent } from '../../domain/event.ts'
import { isMerchantEvent } from '../../domain/event-types.ts'
import { evolveMerchant, initialMerchant } from '../../domain/merchant/evolve.ts'
import { migrate } from '../../projections/migrate.ts'
import { expectedModels } from '../../projections/testing/expected-models.ts'
import { memoryLog } from '../../projections/testing/memory-log.ts'
import { randomLog } from '../../projections/testing/random-log.ts'
import { runToHead } from '../../projections/testing/run-to-head.ts'
import { unsettledIn } from '../../projections/testing/unsettled-in.ts'
import { type QueryShards, ReadModelUnavailable } from '../../query-side/shards.ts'
import { closePool, openPool } from './pools.ts'
import { queryShards } from './query-shards.ts'
import { allOnPool } from './shard-servers.ts'
import { readModelServer } from './read-model-server.ts'
import { poolSettings, startTestPostgres, type TestPostgres } from './testing/test-postgres.ts'
import { unsettledPostings } from './unsettled-postings.ts'
import { workList } from './work-list.ts'

const merchants = ['1042', '7', '13', 'shop_a']
const shardCount = 3
const log = randomLog(30, 3_000, merchants)

/** The rows of one statement. */
const query = async (shards: QueryShards, text: string, values: readonly unknown[] = [], name?: string) => {
  const statement = () => ({ text, values, ...(name === undefined ? {} : { name }) })
  const answers = await shards.ask<Record<string, unknown>>({ schemas: shards.all, statement })
  return answers.flat()
}

let postgres: TestPostgres
let pool: pg.Pool

beforeAll(async () => {
  postgres = await startTestPostgres()
  const writing = openPool(postgres.connection, poolSettings, () => undefined)
  const server = readModelServer(writing, shardCount)
  await migrate(server)
  await runToHead(server, memoryLog(log))
  await closePool(writing)
  pool = openPool(postgres.connection, { ...poolSettings, readOnly: true }, () => undefined)
})
afterAll(async () => {
  await closePool(pool)
  await postgres.stop()
})

describe('the shards as they are read', () => {
  test('give int8 as bigint, dates as text, times as Date, and know where a merchant is', async () => {
    const shards = queryShards(allOnPool(pool, shardCount))
    expect(shards.all).toEqual(['shard_0', 'shard_1', 'shard_2'])
    const text = `select $1::int8 as n, '2026-03-01'::date as day, '2026-03-01T01:02:03.004+00'::timestamptz as at`
    const expected = { n: 9_007_199_254_740_993n, day: '2026-03-01', at: new Date('2026-03-01T01:02:03.004Z') }
    expect(await query(shards, text, ['9007199254740993'])).toEqual([expected])
    expect(await query(shards, text, ['9007199254740993'], 'named')).toEqual([expected])
    const rows = await query(
      shards,
      `select 1 as found from ${shards.of('1042')}.payments where merchant_id = $1 limit 1`,
      ['1042'],
    )
    expect(rows).toEqual([{ found: 1 }])
  })

  test('refuse writes', async () => {
    await expect(query(queryShards(allOnPool(pool, shardCount)), 'delete from shard_0.payments')).rejects.toThrow(
      /read-only/,
    )
  })

  test('are unavailable where a statement takes too long or nobody answers', async () => {
    const hasty = openPool(postgres.connection, { ...poolSettings, statementTimeoutMs: 50 }, () => undefined)
    await expect(query(queryShards(allOnPool(hasty, shardCount)), 'select pg_sleep(5)')).rejects.toThrow(
      ReadModelUnavailable,
    )
    await closePool(hasty)
    const nowhere = openPool({ ...postgres.connection, port: 1 }, poolSettings, () => undefined)
    await expect(query(queryShards(allOnPool(nowhere, shardCount)), 'select 1')).rejects.toThrow(ReadModelUnavailable)
    await closePool(nowhere)
  })

  test('are unavailable until they are migrated', async () => {
    const [shards, ...more] = [queryShards(allOnPool(pool, shardCount)), 'shard_9.payments', 'shard_0.not_made_yet']
    for (const table of more) await expect(query(shards, `select from ${table}`)).rejects.toThrow(ReadModelUnavailable)
    await expect(query(shards, 'select no_such_column from shard_0.payments')).rejects.toThrow(/does not exist/)
  })

  test('go on after every connection was ended, the unused ones too', async () => {
    const lost: Error[] = []
    const shaken = openPool(postgres.connection, { ...poolSettings, name: 'shaken' }, (error) => lost.push(error))
    const shards = queryShards(allOnPool(shaken, shardCount))
    await Promise.all([1, 2, 3].map((n) => query(shards, 'select $1::int', [n])))
    await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'shaken'`)
    await expect.poll(() => lost.length).toBe(3)
    expect(await query(shards, 'select 1 as n')).toEqual([{ n: 1 }])
    await closePool(shaken)
  })
})

describe('the work list', () => {
  const { payments, open_payouts: payouts } = expectedModels(log)
  const times = payments.map((row) => String(row['updated_at'])).sort((one, other) => (one < other ? -1 : 1))
  const middle = times[Math.floor(times.length / 2)] ?? ''
  const by = (column: string) => (one: Record<string, unknown>, other: Record<string, unknown>) =>
    String(one[column]) < String(other[column]) ? -1 : 1

  test('has the payments without an outcome, oldest first', async () => {
    const expected = payments
      .filter(({ unresolved_since: since }) => since !== null && String(since) < middle)
      .sort(by('unresolved_since'))
      .map(({ id }) => `pay_${id}`)
    expect(expected.length).toBeGreaterThan(5)
    const work = workList(allOnPool(pool, shardCount))
    expect(await work.unresolvedPayments(middle, 1_000)).toEqual(expected)
    expect(await work.unresolvedPayments(middle, 3)).toEqual(expected.slice(0, 3))
  })

  test('has the payments whose authorization has lapsed', async () => {
    const expected = payments
      .filter(({ expires_at: expires }) => expires !== null && String(expires) <= middle)
      .sort(by('expires_at'))
      .map(({ id }) => `pay_${id}`)
    expect(expected.length).toBeGreaterThan(5)
    expect(await workList(allOnPool(pool, shardCount)).expiredPayments(middle, 1_000)).toEqual(expected)
  })

  test('has the payouts that wait', async () => {
    const expected = [...payouts]
      .sort(by('since'))
      .map((row) => ({ payoutId: `po_${row['payout_id']}`, merchantId: String(row['merchant_id']) }))
    expect(expected.length).toBeGreaterThan(1)
    expect(await workList(allOnPool(pool, shardCount)).openPayouts('2100-01-01T00:00:00.000Z', 1_000)).toEqual(expected)
    expect(await workList(allOnPool(pool, shardCount)).openPayouts('2000-01-01T00:00:00.000Z', 1_000)).toEqual([])
  })
})

describe('what is unsettled', () => {
  test('is behind where nobody answers in time', async () => {
    const nowhere = openPool({ ...postgres.connection, port: 1 }, poolSettings, () => undefined)
    await expect(unsettledPostings(allOnPool(nowhere, shardCount))({}, '0', 20)).rejects.toThrow(ReadModelBehind)
    await closePool(nowhere)
  })

  const head = String(log.length)
  const merchantAt = (id: string) =>
    log
      .filter((event): event is RecordedEvent & Parameters<typeof evolveMerchant>[1] => isMerchantEvent(event))
      .filter(({ data }) => data.merchantId === id)
      .reduce(evolveMerchant, initialMerchant)
  const expected = merchants.flatMap((id) => unsettledIn(log, merchantAt(id)))
  const inOrder = (rows: readonly { merchantId: string; currency: string }[]) =>
    [...rows].sort((one, other) =>
      `${one.merchantId} ${one.currency}` < `${other.merchantId} ${other.currency}` ? -1 : 1,
    )

  test('is what stands on the pending accounts since the last settlement', async () => {
    expect(expected.length).toBeGreaterThan(2)
    expect(expected.some(({ from }) => from !== '0')).toBe(true)
    const unsettled = unsettledPostings(allOnPool(pool, shardCount))
    expect(inOrder(await unsettled({}, head, 0))).toEqual(inOrder(expected))
    expect(inOrder(await unsettled({ merchantId: '1042' }, head, 0))).toEqual(
      inOrder(expected.filter(({ merchantId }) => merchantId === '1042')),
    )
    expect(inOrder(await unsettled({ currency: 'USD' }, head, 0))).toEqual(
      inOrder(expected.filter(({ currency }) => currency === 'USD')),
    )
    expect(await unsettled({ merchantId: 'nobody' }, head, 0)).toEqual([])
  })

  test('waits for a place in the log, and not for ever', async () => {
    await expect(unsettledPostings(allOnPool(pool, shardCount))({}, String(log.length + 1), 30)).rejects.toThrow(
      ReadModelBehind,
    )
  })
})
