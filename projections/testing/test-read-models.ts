import type pg from 'pg'
import { closePool, openPool } from '../../infra/postgres/pools.ts'
import { readModelServer } from '../../infra/postgres/read-model-server.ts'
import { openTestDatabase, type TestDatabase } from '../../infra/postgres/testing/test-database.ts'
import { poolSettings } from '../../infra/postgres/testing/test-postgres.ts'
import { migrate } from '../migrate.ts'
import type { ReadModelServer } from '../read-model-store.ts'

/** A database of a test's own, with read models in so many shards. */
export type TestReadModels = {
  /** Where it is, for pools of a test's own. */
  readonly connection: TestDatabase['connection']
  readonly pool: pg.Pool
  readonly server: ReadModelServer
  /** As they are at the beginning: made, and empty. */
  empty(): Promise<void>
  stop(): Promise<void>
}

/** Makes the database. Its read models are there after the first `empty`. */
export const startTestReadModels = async (shards: number, connections = poolSettings.max): Promise<TestReadModels> => {
  const database = await openTestDatabase()
  const pool = openPool(database.connection, { ...poolSettings, max: connections }, () => undefined)
  const server = readModelServer(pool, shards)
  return {
    connection: database.connection,
    pool,
    server,
    empty: async () => {
      const { rows } = await pool.query<{ name: string }>(
        "select nspname as name from pg_namespace where nspname ~ '^(daybook$|shard_)'",
      )
      if (rows.length > 0) await pool.query(`drop schema ${rows.map(({ name }) => name).join(', ')} cascade`)
      await migrate(server)
    },
    stop: async () => {
      await closePool(pool)
      await database.stop()
    },
  }
}
