import pg from 'pg'
import { type QueryShards, ReadModelUnavailable } from '../../query-side/shards.ts'
import { schemas, shardOf } from './shards.ts'

/** Cancelled, out of resources, shutting down, starting, disconnected: SQLSTATE classes that a later try may not meet. */
const passing = /^(08|25|40|53|57|58|XX)/

const explained = (error: unknown): unknown => {
  if (error instanceof pg.DatabaseError && !passing.test(error.code ?? '')) return error
  return new ReadModelUnavailable(error instanceof Error ? error.message : String(error), { cause: error })
}

/** The shards as they are read, through a pool that should refuse writes. */
export const queryShards = (pool: pg.Pool, shardCount: number): QueryShards => ({
  all: schemas(shardCount),
  of: (merchantId) => shardOf(merchantId, shardCount),
  query: async <Row>(text: string, values: readonly unknown[], name?: string) => {
    try {
      const { rows } = await pool.query({ text, values: [...values], ...(name === undefined ? {} : { name }) })
      return rows as readonly Row[]
    } catch (error) {
      throw explained(error)
    }
  },
})
