import type { Host } from '../host.ts'
import { onOneServer, type ShardMap } from '../postgres/shard-map.ts'
import type { Config } from './config.ts'
import { ConfigError } from './config-error.ts'
import { connectionStrings } from './event-stores.ts'
import { hostList, hostText } from './host-list.ts'
import { parseShardMap } from './shard-map.ts'

/** The hosts of a setting; throws a `ConfigError` that names it. */
const hostsOf = (name: string, text: string, defaultPort: number): readonly Host[] => {
  try {
    return hostList(text, defaultPort)
  } catch (error) {
    throw new ConfigError(`${name} is wrong: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** The event stores' connection strings, in their fixed order. */
export const eventStores = ({
  EVENTSTORE_CONNECTION_STRING: text,
}: Pick<Config, 'EVENTSTORE_CONNECTION_STRING'>): readonly string[] => connectionStrings(text ?? '')

/** `host:port` of each broker. */
export const kafkaBrokers = ({ KAFKA_BROKERS: text }: Pick<Config, 'KAFKA_BROKERS'>): readonly string[] =>
  hostsOf('KAFKA_BROKERS', text ?? '', 9092).map(hostText)

/** The servers of the read models, each with the shards it holds. */
export const postgresServers = ({
  SHARD_MAP: map,
  SHARDS: count,
  DB_HOST: hosts,
  DB_PORT: port,
}: Pick<Config, 'SHARD_MAP' | 'SHARDS' | 'DB_HOST' | 'DB_PORT'>): ShardMap =>
  map === undefined ? onOneServer(count, hostsOf('DB_HOST', hosts, port)) : parseShardMap(map, count, port)

/** The Redis server, or some nodes of the Cluster. */
export const redisNodes = ({
  REDIS_HOST: hosts,
  REDIS_PORT: port,
}: Pick<Config, 'REDIS_HOST' | 'REDIS_PORT'>): readonly Host[] => hostsOf('REDIS_HOST', hosts ?? '', port)
