import type { Hono } from 'hono'
import { type CommandSide, createCommandSide } from '../command-side/main.ts'
import type { EventStore } from '../command-side/event-store.ts'
import type { Edge } from '../http/principal.ts'
import type { RateLimiter } from '../http/rate-limit.ts'
import { createAuthenticator } from '../infra/auth/authenticator.ts'
import type { InProcessStatusCache } from '../infra/cache/in-process-status-cache.ts'
import type { Config } from '../infra/config/load-config.ts'
import { isCurrency } from '../infra/currencies.ts'
import type { EventLog } from '../infra/lmdb/event-log.ts'
import { logLag } from '../infra/log-lag.ts'
import type { Logger } from '../infra/logging/logger.ts'
import type { Metrics } from '../infra/metrics/metrics.ts'
import { queryShards } from '../infra/postgres/query-shards.ts'
import type { openPool } from '../infra/postgres/pools.ts'
import { allOnPool } from '../infra/postgres/shard-servers.ts'
import { unsettledPostings } from '../infra/postgres/unsettled-postings.ts'
import { workList } from '../infra/postgres/work-list.ts'
import { sandboxBank } from '../infra/sandbox/bank.ts'
import { sandboxGateway } from '../infra/sandbox/gateway.ts'
import type { Probe } from '../query-side/health.ts'
import { createQuerySide } from '../query-side/main.ts'
import { createHttp } from './http.ts'
import { documentRoutes } from './openapi/routes.ts'
import { readVersion } from './version.ts'

/** What is running already when the sides are put together. */
export type Ground = {
  readonly config: Config
  /** The installation's secret. */
  readonly secret: string
  readonly eventLog: EventLog
  /** The log as the command side writes it. */
  readonly store: EventStore
  /** Connections that read. */
  readonly pool: ReturnType<typeof openPool>
  readonly cache: InProcessStatusCache
  /** Whether the projections follow the log; until then nothing is read from their rows. */
  readonly projectionsReady: () => boolean
  readonly probes: readonly Probe[]
  /** Counts requests; undefined for no limit. */
  readonly limiter: RateLimiter | undefined
  readonly metrics: Metrics
  readonly log: Logger
}

/** After requests were given their time, what still goes on is what clients have given up. */
const commandsTimeoutMs = 5_000

const commandSideOf = ({ config, store, pool, log }: Ground): CommandSide =>
  createCommandSide({
    store,
    gateways: [sandboxGateway({ latencyMs: config.SANDBOX_LATENCY })],
    bank: sandboxBank({ latencyMs: config.SANDBOX_LATENCY }),
    workList: workList(allOnPool(pool, config.SHARDS)),
    unsettled: unsettledPostings(allOnPool(pool, config.SHARDS)),
    isCurrency,
    logger: log,
    settings: {
      gatewayTimeoutMs: config.GATEWAY_TIMEOUT,
      gatewayConcurrency: config.GATEWAY_MAX_CONCURRENT,
      authorizationTtlMs: config.AUTHORIZATION_TTL_SECONDS * 1_000,
      resolveIntervalMs: config.RESOLVE_INTERVAL,
      settlementIntervalMs: config.SETTLEMENT_INTERVAL,
      readModelWaitMs: config.MIN_POSITION_TIMEOUT,
      maxInFlight: config.MAX_IN_FLIGHT,
      requireIfMatch: config.REQUIRE_IF_MATCH,
      stopTimeoutMs: commandsTimeoutMs,
    },
  })

/** Both sides behind one origin, and the command side's own work beside requests. */
export const createSides = (ground: Ground): { readonly http: Hono<Edge>; readonly commandSide: CommandSide } => {
  const { config, secret, eventLog, pool, cache, projectionsReady, probes, limiter, metrics, log } = ground
  const commandSide = commandSideOf(ground)
  const querySide = createQuerySide({
    shards: queryShards(allOnPool(pool, config.SHARDS), projectionsReady),
    cache,
    history: { ...eventLog, lag: logLag([eventLog]) },
    probes,
    minPositionTimeoutMs: config.MIN_POSITION_TIMEOUT,
  })
  const http = createHttp({
    open: [querySide.publicRoutes, documentRoutes(readVersion())],
    closed: [commandSide.routes, querySide.routes],
    authenticator: createAuthenticator({
      store: eventLog,
      jwtSecret: config.JWT_SECRET ?? secret,
      now: () => new Date(),
    }),
    limiter,
    metrics,
    log,
  })
  return { http, commandSide }
}
