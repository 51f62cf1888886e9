import { openServers } from '../app/engines/read-models.ts'
import { loadConfig } from '../infra/config/load-config.ts'
import { createLogger } from '../infra/logging/logger.ts'
import { readModelServer } from '../infra/postgres/read-model-server.ts'
import { closeShardServers } from '../infra/postgres/shard-servers.ts'
import type { ReadModelServer } from '../projections/read-model-store.ts'

/** The tables of an installation, read past all of Daybook's processes. */
export type Tables = { readonly servers: readonly ReadModelServer[]; close(): Promise<void> }

const pool = { name: 'daybook check', min: 0, max: 2, statementTimeoutMs: 300_000, readOnly: false }

/** Opens them with the settings of the installation's processes. */
export const openTables = (settings: Readonly<Record<string, string>>): Tables => {
  const config = loadConfig({ ...settings, LOG_LEVEL: 'fatal' })
  const servers = openServers(config, createLogger(config, 'check'), pool)
  return {
    servers: servers.servers.map((server) => readModelServer(server, config.SHARDS, server.shards)),
    close: () => closeShardServers(servers),
  }
}
