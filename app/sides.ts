import type { Hono } from 'hono'
import { type CommandSide, createCommandSide } from '../command-side/main.ts'
import type { EventStore } from '../command-side/event-store.ts'
import type { Gateway } from '../command-side/gateway.ts'
import type { Authenticator, Edge } from '../http/principal.ts'
import type { RateLimiter } from '../http/rate-limit.ts'
import { authenticatorBy, createAuthenticator } from '../infra/auth/authenticator.ts'
import { cachedKeys } from '../infra/auth/cached-keys.ts'
import type { GatewayCache } from '../infra/cache/gateway-cache.ts'
import type { MerchantCache } from '../infra/cache/merchant-cache.ts'
import type { Config } from '../infra/config/load-config.ts'
import { isCurrency } from '../infra/currencies.ts'
import { logHistory } from '../infra/log-history.ts'
import type { Logger } from '../infra/logging/logger.ts'
import type { Metrics } from '../infra/metrics/metrics.ts'
import { timed } from '../infra/metrics/timed.ts'
import { queryShards } from '../infra/postgres/query-shards.ts'
import type { ShardServers } from '../infra/postgres/shard-servers.ts'
import { unsettledPostings } from '../infra/postgres/unsettled-postings.ts'
import { workList } from '../infra/postgres/work-list.ts'
import { sandboxBank } from '../infra/sandbox/bank.ts'
import { sandboxGateway } from '../infra/sandbox/gateway.ts'
import type { KeyStore } from '../personal/key-store.ts'
import { healthRoutes, type Probe, probeTimeoutMs } from '../query-side/health.ts'
import { createQuerySide, type QuerySide } from '../query-side/main.ts'
import type { Caches } from './engines/caches.ts'
import type { Logs } from './engines/event-store.ts'
import { createHttp, type Origin } from './http.ts'
import { documentRoutes } from './openapi/routes.ts'
import { createParkedStreams } from './parked/parked-streams.ts'
import { parkedRoutes } from './parked/routes.ts'
import type { Rebuilds } from './rebuild/rebuilds.ts'
import { rebuildRoutes } from './rebuild/routes.ts'
import { repairOrders } from './reconciliation/repair-log.ts'
import { repairRoutes } from './reconciliation/routes.ts'
import { readVersion } from './version.ts'

/** What is running already when the sides are put together. */
export type Ground = {
  readonly config: Config
  /** The installation's secret. */
  readonly secret: string
  readonly logs: Logs
  /** The event store as the command side writes it. */
  readonly store: EventStore
  /** The keys of personal data. */
  readonly keys: KeyStore
  /** Connections that read. */
  readonly servers: ShardServers
  readonly caches: Caches
  /** Undefined where merchants are read from their streams. */
  readonly merchants: MerchantCache | undefined
  readonly gateways: GatewayCache
  /** Whether the projections follow the log; until then nothing is read from their rows. */
  readonly projectionsReady: () => boolean
  readonly probes: readonly Probe[]
  /** Copies of projections. */
  readonly rebuilds: Rebuilds
  /** Counts requests; undefined for no limit. */
  readonly limiter: RateLimiter | undefined
  readonly metrics: Metrics
  readonly log: Logger
}

/** After requests were given their time, what still goes on is what clients have given up. */
const commandsTimeoutMs = 5_000

const authenticatorOf = ({ config, secret, logs, merchants }: Ground): Authenticator => {
  const tokens = { jwtSecret: config.JWT_SECRET ?? secret, now: () => new Date() }
  return merchants === undefined
    ? createAuthenticator({ store: logs.all, ...tokens })
    : authenticatorBy(cachedKeys(merchants), tokens)
}

const gatewayCalls = ['authorize', 'capture', 'increment', 'void', 'refund', 'lookup'] as const

const sandboxOf = ({ config, metrics }: Ground): Gateway =>
  timed(sandboxGateway({ latencyMs: config.SANDBOX_LATENCY }), gatewayCalls, (call, seconds) =>
    metrics.called('gateway', call, seconds),
  )

const commandSideOf = (ground: Ground): CommandSide => {
  const { config, store, logs, keys, servers, merchants, gateways, log } = ground
  // So that the first payment need not wait for keys to be made; where there can be none yet it has to.
  void Promise.resolve(keys.take()).catch(() => undefined)
  return createCommandSide({
    store,
    readLog: (from, limit) => logs.all.readAll(from, limit),
    keys,
    gateways: [sandboxOf(ground)],
    bank: sandboxBank({ latencyMs: config.SANDBOX_LATENCY }),
    workList: workList(servers),
    unsettled: unsettledPostings(servers),
    ...(merchants === undefined ? {} : { merchantCache: merchants }),
    gatewayCache: gateways,
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
}

const querySideOf = ({ config, logs, keys, servers, caches, projectionsReady, probes }: Ground): QuerySide =>
  createQuerySide({
    shards: queryShards(servers, projectionsReady),
    cache: caches.statuses,
    keys,
    history: logHistory(logs.all, logs.each),
    stride: logs.stride,
    probes,
    minPositionTimeoutMs: config.MIN_POSITION_TIMEOUT,
  })

/** Orders of repairs, which any process with the event store and the read models takes. */
const repairsOf = ({ store, servers, projectionsReady }: Ground): Hono<Edge> =>
  repairRoutes(
    queryShards(servers, projectionsReady),
    repairOrders(store, () => new Date().toISOString()),
  )

/** What operators do about copies of projections, parked streams and differences. */
const operatorRoutes = (ground: Ground): readonly Hono<Edge>[] => {
  const { rebuilds, logs, store, caches } = ground
  const { share, hear } = caches
  const parked = createParkedStreams({
    desk: rebuilds.desk,
    stride: logs.stride,
    store,
    statusCache: { put: share ?? hear },
  })
  return [rebuildRoutes(rebuilds), parkedRoutes(parked), repairsOf(ground)]
}

/** What stands behind one origin: routes for anybody, and for those who have a key. */
type Routes = Pick<Origin, 'open' | 'closed'>

const originOf = (ground: Ground, routes: Routes): Hono<Edge> => {
  const { limiter, metrics, log } = ground
  return createHttp({ ...routes, authenticator: authenticatorOf(ground), limiter, metrics, log })
}

/** The command side behind an origin, and its own work beside requests. */
export type Commands = { readonly http: Hono<Edge>; readonly commandSide: CommandSide }

/** The command side alone. */
export const commandSideAlone = (ground: Ground): Commands => {
  const commandSide = commandSideOf(ground)
  const open = [healthRoutes(ground.probes, probeTimeoutMs)]
  return { http: originOf(ground, { open, closed: [commandSide.routes, repairsOf(ground)] }), commandSide }
}

/** The query side alone, with the documents. */
export const querySideAlone = (ground: Ground): Hono<Edge> => {
  const querySide = querySideOf(ground)
  const open = [querySide.publicRoutes, documentRoutes(readVersion())]
  return originOf(ground, { open, closed: [querySide.routes, ...operatorRoutes(ground)] })
}

/** Both sides behind one origin. */
export const createSides = (ground: Ground): Commands => {
  const commandSide = commandSideOf(ground)
  const querySide = querySideOf(ground)
  const open = [querySide.publicRoutes, documentRoutes(readVersion())]
  const closed = [commandSide.routes, querySide.routes, ...operatorRoutes(ground)]
  return { http: originOf(ground, { open, closed }), commandSide }
}
