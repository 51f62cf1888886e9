import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { closePool, openPool } from '../infra/postgres/pools.ts'
import { readModelServer } from '../infra/postgres/read-model-server.ts'
import { poolSettings, startTestPostgres, type TestPostgres } from '../infra/postgres/testing/test-postgres.ts'
import { MigrationError, migrate } from './migrate.ts'
import { readMigrations } from './migrations.ts'
import { monthAfter } from './month.ts'
import { partitionsOf } from './partitions.ts'

let postgres: TestPostgres
let pool: pg.Pool

beforeAll(async () => {
  postgres = await startTestPostgres()
  pool = openPool(postgres.connection, poolSettings, () => undefined)
})
afterAll(async () => {
  await closePool(pool)
  await postgres.stop()
})
beforeEach(async () => {
  const { rows } = await pool.query<{ name: string }>(
    `select nspname as name from pg_namespace where nspname ~ '^(shard_|daybook)'`,
  )
  if (rows.length > 0) await pool.query(`drop schema ${rows.map(({ name }) => name).join(', ')} cascade`)
})

const tablesIn = async (schema: string): Promise<string[]> => {
  const { rows } = await pool.query<{ name: string }>(
    `select relname as name from pg_class join pg_namespace namespace on namespace.oid = relnamespace
     where nspname = $1 and relkind in ('r', 'p') order by relname`,
    [schema],
  )
  return rows.map(({ name }) => name)
}

test('makes the tables of every shard once', async () => {
  const server = readModelServer(pool, 3)
  expect(await migrate(server)).toBe(3)
  expect(await migrate(server)).toBe(0)
  for (const schema of server.shards) expect(await tablesIn(schema)).toContain('payments')
  const { rows } = await pool.query(
    'select schema, number, name from daybook.schema_migrations order by schema, number',
  )
  const migrations = await readMigrations()
  expect(rows).toEqual(
    server.shards.flatMap((schema) => migrations.map(({ number, name }) => ({ schema, number, name }))),
  )
})

test('is done once by however many do it at the same time', async () => {
  const servers = [1, 2, 3].map(() => readModelServer(pool, 2))
  await Promise.all(servers.map(migrate))
  const { rows } = await pool.query('select count(*) from daybook.schema_migrations')
  expect(rows).toEqual([{ count: BigInt(2 * (await readMigrations()).length) }])
})

test('reaches the copies beside the live ones', async () => {
  const server = readModelServer(pool, 2)
  await migrate(server)
  await pool.query(`create schema shard_1_journal_2;
    insert into daybook.copies (projection, shard, number, version, state) values
      ('journal', 'shard_1', 1, 1, 'caughtUp'), ('journal', 'shard_1', 2, 1, 'building')`)
  expect(await migrate(server)).toBe(1)
  expect(await tablesIn('shard_1_journal_2')).toEqual(await tablesIn('shard_1'))
  expect(await migrate(server)).toBe(0)
})

test('refuses data of another number of shards, of other migrations, and of a newer program', async () => {
  await migrate(readModelServer(pool, 2))
  await expect(migrate(readModelServer(pool, 3))).rejects.toThrow(
    new MigrationError(
      'SHARDS=3 is wrong: the read models were made with 2 shards, and no other number finds their rows',
    ),
  )
  const [first] = await readMigrations()
  await pool.query(`update daybook.schema_migrations set name = 'older' where schema = 'shard_1' and number = 1`)
  await expect(migrate(readModelServer(pool, 2))).rejects.toThrow(
    /shard_1 .*another version.*delete the folder "postgres"/,
  )
  await pool.query('update daybook.schema_migrations set name = $1', [first?.name])
  await pool.query(`insert into daybook.schema_migrations (schema, number, name) values ('shard_1', 9999, 'later')`)
  await expect(migrate(readModelServer(pool, 2))).rejects.toThrow(MigrationError)
})

test('partitions are made for three months ahead, for late data, and by two at once', async () => {
  const server = readModelServer(pool, 2)
  await migrate(server)
  const [one, other] = [partitionsOf(server), partitionsOf(server)]
  const december = new Date('2026-12-31T23:59:59.999Z')
  await Promise.all([one.ahead(december), other.ahead(december)])
  await one.ahead(december)
  const late = new Map([['shard_1', new Set(['2018-02', '2026-12'])]])
  await Promise.all([one.ensure(late), other.ensure(late)])
  const ofPayments = async (schema: string) => (await tablesIn(schema)).filter((name) => name.startsWith('payments_'))
  expect(await ofPayments('shard_0')).toEqual(['payments_2026_12', 'payments_2027_01', 'payments_2027_02'])
  expect(await ofPayments('shard_1')).toEqual([
    'payments_2018_02',
    'payments_2026_12',
    'payments_2027_01',
    'payments_2027_02',
  ])
})

test('a month is that of UTC, however long it is', () => {
  expect(monthAfter(new Date('2026-01-31T23:30:00Z'), 1)).toBe('2026-02')
  expect(monthAfter(new Date('2026-11-01T00:00:00Z'), 2)).toBe('2027-01')
})
