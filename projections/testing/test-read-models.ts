import type pg from 'pg'
import { closePool, openPool } from '../../infra/postgres/pools.ts'
import { readModelServer } from '../../infra/postgres/read-model-server.ts'
import { poolSettings, startTestPostgres, type TestPostgres } from '../../infra/postgres/testing/test-postgres.ts'
import { migrate } from '../migrate.ts'
import type { ReadModelServer } from '../read-model-store.ts'

/** A database server of a test's own, with read models in so many shards. */
export type TestReadModels = {
  /** Where it is, for pools of a test's own. */
  readonly connection: TestPostgres['connection']
  readonly pool: pg.Pool
  readonly server: ReadModelServer
  /** As they are at the beginning: made, and empty. */
  empty(): Promise<void>
  stop(): Promise<void>
}

/** Starts the server. Its read models are there after the first `empty`. */
export const startTestReadModels = async (shards: number, connections = poolSettings.max): Promise<TestReadModels> => {
  const postgres = await startTestPostgres()
  const pool = openPool(postgres.connection, { ...poolSettings, max: connections }, () => undefined)
  const server = readModelServer(pool, shards)
  return {
    connection: postgres.connection,
    pool,
    server,
    empty: async () => {
      await pool.query(`drop schema if exists ${['daybook', ...server.shards].join(', ')} cascade`)
      await migrate(server)
    },
    stop: async () => {
      await closePool(pool)
      await postgres.stop()
    },
  }
}
