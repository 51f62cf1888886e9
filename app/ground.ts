import type { EventStore } from '../command-side/event-store.ts'
import type { Config } from '../infra/config/load-config.ts'
import type { Logger } from '../infra/logging/logger.ts'
import type { Metrics } from '../infra/metrics/metrics.ts'
import { timed } from '../infra/metrics/timed.ts'
import { checkedServers } from '../infra/postgres/checked-servers.ts'
import { closeShardServers, type ShardServers } from '../infra/postgres/shard-servers.ts'
import type { KeyStore } from '../personal/key-store.ts'
import { diskFailure } from './disk-failure.ts'
import { type Logs, openLogs } from './engines/event-store.ts'
import { openKeys } from './engines/keys.ts'
import { nowAndThen } from './engines/now-and-then.ts'
import { openServers } from './engines/read-models.ts'
import { StartError } from './start-error.ts'
import type { Teardown } from './teardown.ts'
import { watchedStore } from './watched-store.ts'

// What the sides stand on in any process that has them: the event store, connections that read.

const statementTimeoutMs = 30_000

/** A process that has the sides. */
export type Surroundings = {
  readonly config: Config
  readonly metrics: Metrics
  readonly log: Logger
  /** Is told how to undo each step as soon as it is done. */
  readonly teardown: Teardown
  /** Hears why everything has to end, at any time. */
  readonly onFailure: (reason: Error) => void
}

/** The event store, closed at the end. */
export const openStore = ({ config, log, teardown }: Surroundings, readOnly = false): Logs => {
  const onTrouble = nowAndThen((error, times) =>
    log.warn({ err: error, times }, 'the event store could not be followed'),
  )
  const logs = openLogs(config, { readOnly, onTrouble })
  teardown.add('the log', () => logs.all.close())
  return logs
}

/** The keys of personal data, closed at the end. */
export const openKeyStore = ({ config, log, teardown }: Surroundings): KeyStore => {
  const keys = openKeys(config, (error) => log.warn({ err: error }, 'a connection to the keys was lost'))
  teardown.add('the keys', () => keys.close())
  return keys
}

/** The event store as the command side writes it. */
export const writable = (logs: Logs, { config, metrics, onFailure }: Surroundings): EventStore =>
  timed(
    watchedStore(logs.all, {
      onAppended: (types) => metrics.appended(types),
      onDiskFailure: (error) => onFailure(diskFailure(config.DAYBOOK_DATA, error)),
    }),
    ['append', 'readStream', 'streamRevision'],
    (call, seconds) => metrics.called('eventStore', call, seconds),
  )

/**
 * Connections to the read models, `DB_POOL_MAX` at most to a host. Everything ends where the servers turn out to have other
 * shards than the settings say.
 */
export const openReads = ({ config, log, teardown, onFailure }: Surroundings): ShardServers => {
  const { DB_POOL_MIN: min, DB_POOL_MAX: max } = config
  const opened = openServers(config, log, { name: 'daybook', min, max, statementTimeoutMs, readOnly: true })
  const servers = checkedServers(
    opened,
    (error) => onFailure(new StartError(error.message, { cause: error })),
    nowAndThen((error, times) => log.warn({ err: error, times }, 'the read models are not all there yet')),
  )
  teardown.add('the connections to PostgreSQL', () => closeShardServers(servers))
  return servers
}
