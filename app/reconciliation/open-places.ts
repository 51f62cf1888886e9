import type { Position } from '../../domain/position.ts'
import { readModelServer } from '../../infra/postgres/read-model-server.ts'
import { connectRedis } from '../../infra/redis/connection.ts'
import { redisSharedStatuses } from '../../infra/redis/shared-statuses.ts'
import { closeShardServers } from '../../infra/postgres/shard-servers.ts'
import type { ShardServer } from '../../infra/postgres/shard-server.ts'
import type { ReadModelServer } from '../../projections/read-model-store.ts'
import { type Book, bookOn } from '../../reconciliation/book/book.ts'
import type { Place } from '../../reconciliation/place.ts'
import { statusesPlace } from '../../reconciliation/statuses/statuses-place.ts'
import { tablesPlace } from '../../reconciliation/tables/tables-place.ts'
import type { Logs } from '../engines/event-store.ts'
import { redisSettings } from '../engines/caches.ts'
import { feedOf } from '../engines/feed.ts'
import { nowAndThen } from '../engines/now-and-then.ts'
import { openServers } from '../engines/read-models.ts'
import type { Surroundings } from '../ground.ts'
import { StartError } from '../start-error.ts'
import { openTopic } from './open-topic.ts'

/** What is compared with the log, and where it is kept what differs. */
export type Places = {
  readonly places: readonly Place[]
  readonly book: Book
  /** The servers of the read models. */
  readonly servers: readonly ReadModelServer[]
  /** Whose lock says who is active. */
  readonly lockServer: ShardServer
}

const pool = { name: 'daybook reconciler', min: 0, max: 4, statementTimeoutMs: 60_000, readOnly: false }

/** Longer than a client waits who could ask PostgreSQL instead. */
const redisMs = 1_000

const openStatuses = ({ config, log, teardown }: Surroundings, logs: Logs, tables: Place): Place => {
  const onTrouble = nowAndThen((error, times) => log.warn({ err: error, times }, 'Redis could not be used'))
  const connection = connectRedis(redisSettings(config), redisMs, onTrouble)
  teardown.add('the connection to Redis', () => connection.close())
  return statusesPlace({
    statuses: redisSharedStatuses(connection),
    streams: logs.all,
    reached: () => tables.reached(),
  })
}

/** Connects to everything that is made from the logs. */
export const openPlaces = (surroundings: Surroundings, logs: Logs): Places => {
  const { config, log, teardown } = surroundings
  const opened = openServers(config, log, pool)
  teardown.add('the connections for reconciliation', () => closeShardServers(opened))
  const servers = opened.servers.map((server) => readModelServer(server, config.SHARDS, server.shards))
  const [first] = servers
  const [lockServer] = opened.servers
  if (first === undefined || lockServer === undefined) throw new StartError('SHARD_MAP names no server')
  const tables = tablesPlace({
    servers,
    streams: logs.all,
    partOf: feedOf(config, logs, log)(first).partOf,
    logs: logs.each,
    stride: logs.stride,
  })
  const reached = (): Promise<Position> => tables.reached()
  const head = (): Promise<Position> => logs.all.head()
  const places: Place[] = [tables]
  if (config.CACHE === 'redis') places.push(openStatuses(surroundings, logs, tables))
  if (config.FEED === 'kafka') places.push(openTopic(surroundings, { streams: logs.all, head, reached }))
  return { places, book: bookOn(first), servers, lockServer }
}
