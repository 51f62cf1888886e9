import { type ReadModelServer, type Sql, StoreUnavailable } from '../../projections/read-model-store.ts'
import { type OrderedSql, orderedSql, statementNames } from './ordered-sql.ts'
import { schemas, shardOf } from './shards.ts'
import type { Writes } from './shard-server.ts'

const begin = 'begin; set local synchronous_commit = off'

/** Connections may have ended while nobody used them; nothing was done with one before it begins. */
const retryMs = 1_000

/** So many merchants' shards are remembered; whole histories ask for the same ones again and again. */
const mostKnown = 100_000

const shardOfKnown = (shardCount: number): ((merchantId: string) => string) => {
  const known = new Map<string, string>()
  return (merchantId) => {
    const found = known.get(merchantId)
    if (found !== undefined) return found
    if (known.size >= mostKnown) known.clear()
    const shard = shardOf(merchantId, shardCount)
    known.set(merchantId, shard)
    return shard
  }
}

const unavailable = (error: unknown): StoreUnavailable =>
  new StoreUnavailable(error instanceof Error ? error.message : String(error), { cause: error })

/**
 * A server that holds some of so many shards, all where `shards` is absent. A `pg.Pool` of connections that write will do
 * where the server has one host.
 */
export const readModelServer = (
  server: Writes,
  shardCount: number,
  shards: readonly string[] = schemas(shardCount),
): ReadModelServer => {
  const nameOf = statementNames()

  const doubt = (error: unknown): void => server.doubt?.(error instanceof StoreUnavailable ? error.cause : error)

  const connect = () =>
    server.connect().catch((error: unknown) => {
      throw unavailable(error)
    })
  const beginTransaction = async () => {
    const deadline = performance.now() + retryMs
    for (;;) {
      const client = await connect()
      const sql: OrderedSql = orderedSql(client, nameOf)
      try {
        await sql.query(begin)
        return { client, sql }
      } catch (error) {
        client.release(true)
        doubt(error)
        if (performance.now() >= deadline) throw error
      }
    }
  }

  return {
    shards,
    shardCount,
    shardOf: shardOfKnown(shardCount),
    transaction: async <T>(work: (sql: Sql) => Promise<T>): Promise<T> => {
      const { client, sql } = await beginTransaction()
      try {
        const result = await work(sql)
        await sql.query('commit')
        await sql.close()
        client.release()
        return result
      } catch (error) {
        await sql.close()
        doubt(error)
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
