import type { Position } from '../../domain/position.ts'
import { endRebuild, isRebuilding, postgresRebuildLock } from '../../infra/postgres/rebuild-lock.ts'
import { readModelServer } from '../../infra/postgres/read-model-server.ts'
import { closeShardServers } from '../../infra/postgres/shard-servers.ts'
import type { EventFeed } from '../../projections/event-feed.ts'
import { journalProjection } from '../../projections/journal/journal.ts'
import type { Logger } from '../../projections/logger.ts'
import { migrate } from '../../projections/migrate.ts'
import { paymentsProjection } from '../../projections/payments/payments.ts'
import { payoutsProjection } from '../../projections/payouts/payouts.ts'
import { periodsProjection } from '../../projections/periods/periods.ts'
import type { Projection } from '../../projections/projection.ts'
import type { ReadModelServer } from '../../projections/read-model-store.ts'
import type { HeldLock } from '../../projections/rebuild/rebuild-lock.ts'
import { RebuildRefused } from '../../projections/rebuild/refused.ts'
import type { StreamReader } from '../../projections/stream-reader.ts'
import type { Logs } from '../engines/event-store.ts'
import { feedOf } from '../engines/feed.ts'
import { openServers } from '../engines/read-models.ts'
import type { Surroundings } from '../ground.ts'
import { StartError } from '../start-error.ts'

/** What rebuilds are done with: connections that write, and the log. */
export type RebuildDesk = {
  /** Whether anybody rebuilds the projection, in any process. */
  isRunning(projection: string): Promise<boolean>
  /** Has whoever rebuilds it stop; whether anybody did. */
  stop(projection: string): Promise<boolean>
  readonly servers: readonly ReadModelServer[]
  readonly feed: EventFeed
  readonly head: () => Promise<Position>
  readonly streams: StreamReader
  readonly logger: Logger
  /** Does the work while nobody else changes the projection's copies. Throws `RebuildRefused` where somebody does. */
  alone<T>(projection: string, work: (lock: HeldLock) => Promise<T>): Promise<T>
}

/** The projections that can be rebuilt. */
export const projectionNames = ['payments', 'payouts', 'journal', 'periods'] as const

/** The code of today's version, for logs with this stride. Throws a `StartError` for a name that is none. */
export const projectionOf = (name: string, stride: number): Projection => {
  const all = [paymentsProjection(), payoutsProjection(), journalProjection(), periodsProjection(stride)]
  const found = all.find((each) => each.name === name)
  if (found === undefined) throw new StartError(`there is no projection ${name}: one of ${projectionNames.join(', ')}`)
  return found
}

/** A diff of all there is may take its time, and an index of a large table. */
const statementTimeoutMs = 4 * 3_600_000
const pool = { name: 'daybook rebuild', min: 0, max: 6, statementTimeoutMs, readOnly: false }

/** Connects, and brings the bookkeeping of copies to what this program needs. Throws `MigrationError`. */
export const openRebuildDesk = async ({ config, log, teardown }: Surroundings, logs: Logs): Promise<RebuildDesk> => {
  const opened = openServers(config, log, pool)
  teardown.add('the connections for rebuilds', () => closeShardServers(opened))
  const servers = opened.servers.map((server) => readModelServer(server, config.SHARDS, server.shards))
  const [first] = servers
  const [lockServer] = opened.servers
  if (first === undefined || lockServer === undefined) throw new StartError('SHARD_MAP names no server')
  for (const server of servers) await migrate(server)
  const lock = postgresRebuildLock(lockServer)
  return {
    servers,
    feed: feedOf(config, logs, log)(first),
    head: () => logs.all.head(),
    streams: logs.all,
    logger: log,
    isRunning: (projection) => isRebuilding(lockServer, projection),
    stop: (projection) => endRebuild(lockServer, projection),
    alone: async (projection, work) => {
      const held = await lock(projection)
      if (held === undefined) throw new RebuildRefused(`a rebuild of ${projection} is under way already`)
      try {
        return await work(held)
      } finally {
        await held.release()
      }
    },
  }
}
