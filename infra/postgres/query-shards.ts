import { type Question, type QueryShards, ReadModelUnavailable } from '../../query-side/shards.ts'
import { isPassing } from './passing.ts'
import type { Live } from './live-copies.ts'
import type { ShardServer } from './shard-server.ts'
import { askLive, placesOf, type ShardServers } from './shard-servers.ts'
import { schemas, shardOf } from './shards.ts'

const explained = (error: unknown): unknown =>
  isPassing(error)
    ? new ReadModelUnavailable(error instanceof Error ? error.message : String(error), { cause: error })
    : error

/**
 * The shards as they are read, through connections that should refuse writes. Unavailable until `isReady`: after a crash
 * the rows are older than what clients have seen, until the projections follow the log again.
 */
export const queryShards = (servers: ShardServers, isReady: () => boolean = () => true): QueryShards => ({
  all: schemas(servers.shardCount),
  of: (merchantId) => shardOf(merchantId, servers.shardCount),
  ask: async <Row>(question: Question<Row>) => {
    if (!isReady()) throw new ReadModelUnavailable('the projections do not follow the log yet')
    const { projection, schemas: shards } = question
    const askOne = (server: ShardServer, here: readonly string[]): Promise<readonly Row[]> =>
      server.read<Row>(question.statement(here), question)
    try {
      if (projection !== undefined) return await askLive(servers, projection, shards, askOne)
      return await Promise.all(placesOf(servers, shards).map(({ server, schemas: here }) => askOne(server, here)))
    } catch (error) {
      throw explained(error)
    }
  },
  asOfNow: async () => {
    const live = await servers.copies.now().catch((error: unknown) => {
      throw explained(error)
    })
    const now = async (): Promise<Live> => live
    return queryShards({ ...servers, copies: { ...servers.copies, now } }, isReady)
  },
})
