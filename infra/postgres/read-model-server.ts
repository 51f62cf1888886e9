import type pg from 'pg'
import { type ReadModelServer, type Sql, StoreUnavailable } from '../../projections/read-model-store.ts'
import { orderedSql, statementNames } from './ordered-sql.ts'
import { schemas, shardOf } from './shards.ts'

/** A server that holds all of so many shards, through a pool that writes. */
export const readModelServer = (pool: pg.Pool, shardCount: number): ReadModelServer => {
  const nameOf = statementNames()

  const connect = (): Promise<pg.PoolClient> =>
    pool.connect().catch((error: unknown) => {
      throw new StoreUnavailable(error instanceof Error ? error.message : String(error), { cause: error })
    })

  return {
    shards: schemas(shardCount),
    shardCount,
    shardOf: (merchantId) => shardOf(merchantId, shardCount),
    transaction: async <T>(work: (sql: Sql) => Promise<T>): Promise<T> => {
      const client = await connect()
      const sql = orderedSql(client, nameOf)
      try {
        await sql.query('begin; set local synchronous_commit = off')
        const result = await work(sql)
        await sql.query('commit')
        client.release()
        return result
      } catch (error) {
        await sql.close()
        // A connection that cannot roll back is not given to anybody else.
        await client.query('rollback').then(
          () => client.release(),
          () => client.release(true),
        )
        throw error
      }
    },
  }
}
