import type { RecordedEvent } from '../../domain/event.ts'
import { createGatewayCache } from '../../infra/cache/gateway-cache.ts'
import { createMerchantCache } from '../../infra/cache/merchant-cache.ts'
import { hearingProjection } from '../../infra/cache/hearing-projection.ts'
import { logLag } from '../../infra/log-lag.ts'
import { readModelServer } from '../../infra/postgres/read-model-server.ts'
import { closeShardServers } from '../../infra/postgres/shard-servers.ts'
import { journalProjection } from '../../projections/journal/journal.ts'
import { runProjections } from '../../projections/main.ts'
import type { Projection } from '../../projections/projection.ts'
import type { StatusEntry } from '../../projections/status-cache.ts'
import { openCaches } from '../engines/caches.ts'
import { feedOf } from '../engines/feed.ts'
import { openServers } from '../engines/read-models.ts'
import { openStore, type Surroundings } from '../ground.ts'

/** Who hears of a process's projections. */
export type Hearers = {
  /** The tables are there and the log is being followed. */
  onReady(): void
  /** Takes what has changed where there is no cache that all processes share. */
  putStatuses(entries: readonly StatusEntry[]): Promise<void>
}

const pool = { name: 'daybook projections', min: 0, max: 4, statementTimeoutMs: 60_000, readOnly: false }

type Hear = (events: readonly RecordedEvent[]) => Promise<void>

/** The journal, whose events caches hear before they are applied: no crash leaves what is older to be believed. */
const heardBy = (hearers: readonly Hear[]) => (): Projection =>
  hearingProjection(journalProjection(), async (events) => {
    await Promise.all(hearers.map((hear) => hear(events)))
  })

/** Keeps all read models up to the log until `signal` is aborted. Throws where they cannot be written ever. */
export const followLog = async (surroundings: Surroundings, hearers: Hearers, signal: AbortSignal): Promise<void> => {
  const { config, metrics, log, teardown } = surroundings
  const logs = openStore(surroundings, true)
  const servers = openServers(config, log, pool)
  teardown.add('the connections to PostgreSQL', () => closeShardServers(servers))
  const caches = openCaches(surroundings, false)
  const { share, outdate, tiers } = caches
  const others: readonly Hear[] = [createMerchantCache(logs.all, tiers).hear, createGatewayCache(logs.all, tiers).hear]
  await runProjections(
    {
      servers: servers.servers.map((server) => readModelServer(server, config.SHARDS, server.shards)),
      feedOf: feedOf(config, logs, log),
      streams: logs.all,
      lagOf: logLag(logs.each),
      statusCache: { put: share ?? ((entries) => hearers.putStatuses(entries)) },
      ...(outdate === undefined ? {} : { journal: heardBy([outdate, ...others]) }),
      stride: logs.stride,
      logger: log,
      onLag: metrics.projectionLag,
      onParked: metrics.projectionParked,
      onHole: () => metrics.projectionHole(),
      onReady: () => hearers.onReady(),
    },
    signal,
  )
}
