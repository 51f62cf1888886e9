import type { ReadModelServer, Sql } from '../../projections/read-model-store.ts'
import { type LiveShard, liveShards } from './live-schemas.ts'

/** Everything of one moment, and of nothing that is written meanwhile. */
export const inSnapshot = <T>(
  server: ReadModelServer,
  work: (sql: Sql, shards: readonly LiveShard[]) => Promise<T>,
): Promise<T> =>
  server.transaction(async (sql) => {
    await sql.query('set transaction isolation level repeatable read, read only')
    return work(sql, await liveShards(sql, server))
  })
