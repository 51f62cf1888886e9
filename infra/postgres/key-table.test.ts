import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KeyStoreUnavailable } from '../../http/key-store-unavailable.ts'
import { describeKeyStore } from '../contracts/key-store.ts'
import { openKeyTable } from './key-table.ts'
import { closePool, openPool } from './pools.ts'
import { poolSettings, startTestPostgres, type TestPostgres } from './testing/test-postgres.ts'

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

const open = () => openKeyTable(postgres.connection, () => undefined)

/** The files of the tables as they are on the disk. */
const files = async (): Promise<Buffer> => {
  await pool.query('checkpoint')
  const { rows } = await pool.query<{ path: string }>(
    `select pg_relation_filepath(relid) as path from pg_partition_tree('daybook_keys.keys') where isleaf`,
  )
  const { rows: places } = await pool.query<{ folder: string }>(`select current_setting('data_directory') as folder`)
  return Buffer.concat(await Promise.all(rows.map(({ path }) => readFile(join(places[0]?.folder ?? '', path)))))
}

describeKeyStore('keys in a table', 4_096, async () => {
  const stores = [open(), open()] as const
  return {
    stores,
    stored: files,
    close: async () => {
      for (const store of stores) await store.close()
    },
  }
})

test('what a crash left to be written anew is written anew by whoever destroys next', async () => {
  const store = open()
  const { slot, key } = await store.take()
  // As it is after a destroyer was killed before the table was written anew.
  await pool.query('update daybook_keys.keys set key = null where slot = $1', [slot])
  await pool.query('insert into daybook_keys.to_be_written_anew values (0)')
  expect((await files()).includes(Buffer.from(key))).toBe(true)
  await store.destroy([])
  expect((await files()).includes(Buffer.from(key))).toBe(false)
  await store.close()
})

test('a server that is away is said to be', async () => {
  const store = openKeyTable({ ...postgres.connection, port: 1 }, () => undefined)
  await expect(store.take()).rejects.toThrow(KeyStoreUnavailable)
  await expect(store.keysOf([4_096])).rejects.toThrow(KeyStoreUnavailable)
  await store.close()
})
