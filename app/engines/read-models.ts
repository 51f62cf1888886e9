import type { Config } from '../../infra/config/load-config.ts'
import { postgresServers } from '../../infra/config/places.ts'
import { tlsOf } from '../../infra/config/tls.ts'
import type { Logger } from '../../infra/logging/logger.ts'
import type { Connection } from '../../infra/postgres/pools.ts'
import { openShardServers, type ShardServers } from '../../infra/postgres/shard-servers.ts'
import { watchSettings } from '../../infra/postgres/watch.ts'

/** The settings that say where one server has all read models. */
export type ReadModelsPlace = Pick<Config, 'DB_HOST' | 'DB_PORT' | 'DB_USER' | 'DB_PASSWORD' | 'DB_NAME'>

/** The settings of a server that was started. */
export const placeOf = ({ host, port, user, password, database }: Connection): ReadModelsPlace => ({
  DB_HOST: host,
  DB_PORT: port,
  DB_USER: user,
  DB_PASSWORD: password,
  DB_NAME: database,
})

export type ServersOptions = {
  /** What to call ourselves in pg_stat_activity. */
  readonly name: string
  /** How many connections to a host are kept, and opened at most. */
  readonly min: number
  readonly max: number
  readonly statementTimeoutMs: number
  readonly readOnly: boolean
}

/** Connects to the servers of the read models. */
export const openServers = (config: Config, log: Logger, options: ServersOptions): ShardServers => {
  const tls = tlsOf(config.DB_TLS, config.DB_TLS_CA)
  return openShardServers(postgresServers(config), config.SHARDS, {
    login: {
      user: config.DB_USER,
      password: config.DB_PASSWORD,
      database: config.DB_NAME,
      ...(tls === undefined ? {} : { tls }),
    },
    pool: {
      ...options,
      connectionTimeoutMs: config.DB_CONNECTION_TIMEOUT,
      idleTimeoutMs: config.DB_IDLE_TIMEOUT,
    },
    watch: watchSettings,
    onTrouble: (host, error) => log.warn({ err: error, host }, 'a connection to PostgreSQL was lost'),
    onRole: (host, role, reason) => log.info({ host, role, reason }, 'a PostgreSQL host has this role from now on'),
  })
}
