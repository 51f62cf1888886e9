import type pg from 'pg'
import { type QueryShards, ReadModelUnavailable } from '../../query-side/shards.ts'
import { isPassing } from './passing.ts'
import { schemas, shardOf } from './shards.ts'

const explained = (error: unknown): unknown =>
  isPassing(error)
    ? new ReadModelUnavailable(error instanceof Error ? error.message : String(error), { cause: error })
    : error

/**
 * The shards as they are read, through a pool that should refuse writes. Unavailable until `isReady`: after a crash the rows
 * are older than what clients have seen, until the projections follow the log again.
 */
export const queryShards = (pool: pg.Pool, shardCount: number, isReady: () => boolean = () => true): QueryShards => ({
  all: schemas(shardCount),
  of: (merchantId) => shardOf(merchantId, shardCount),
  query: async <Row>(text: string, values: readonly unknown[], name?: string) => {
    if (!isReady()) throw new ReadModelUnavailable('the projections do not follow the log yet')
    try {
      const { rows } = await pool.query({ text, values: [...values], ...(name === undefined ? {} : { name }) })
      return rows as readonly Row[]
    } catch (error) {
      throw explained(error)
    }
  },
})
