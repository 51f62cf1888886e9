import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closePool, openPool } from '../infra/postgres/pools.ts'
import { readModelServer } from '../infra/postgres/read-model-server.ts'
import { poolSettings, startTestPostgres, type TestPostgres } from '../infra/postgres/testing/test-postgres.ts'
import { migrate } from './migrate.ts'
import { parkedCopies, parkedPage } from './parked-page.ts'

let postgres: TestPostgres
let pool: pg.Pool

beforeAll(async () => {
  postgres = await startTestPostgres()
  pool = openPool(postgres.connection, poolSettings, () => undefined)
  await migrate(readModelServer(pool, 2))
  await pool.query(
    `insert into shard_0.parked_streams (projection, stream, log, sequence, revision, event_type, reason)
     select 'payments', 'payment-' || n, 0, n, 0, 'PaymentCaptured', 'by hand' from generate_series(1, 5) n;
     insert into shard_1.parked_streams (projection, stream, log, sequence, revision, event_type, reason)
     values ('payments', 'payment-3', 0, 3, 0, 'PaymentCaptured', 'by hand'), ('journal', 'payment-9', 0, 9, 0, 'x', 'y')`,
  )
})
afterAll(async () => {
  await closePool(pool)
  await postgres.stop()
})

test('streams are paged by name, each with all copies that have parked it', async () => {
  const server = readModelServer(pool, 2)
  const page = await parkedPage(server, 'payments', 'payment-1', 2)
  expect(page.map(({ stream, shard, sequence }) => [stream, shard, sequence])).toEqual([
    ['payment-2', 'shard_0', 2],
    ['payment-3', 'shard_0', 3],
    ['payment-3', 'shard_1', 3],
  ])
  expect(await parkedPage(server, 'payments', 'payment-5', 2)).toEqual([])
})

test('copies of other projections are none of this one', async () => {
  await pool.query(
    `insert into daybook.copies (projection, shard, number, version, state)
     values ('periods', 'shard_0', 1, 1, 'caughtUp'), ('periods', 'shard_0', 2, 1, 'caughtUp')`,
  )
  const server = readModelServer(pool, 2)
  expect((await parkedCopies(server, 'payments', 'payment-4')).map(({ copy, live }) => [copy, live])).toEqual([
    [1, true],
  ])
  expect(await parkedPage(server, 'payments', '', 100)).toHaveLength(6)
})
