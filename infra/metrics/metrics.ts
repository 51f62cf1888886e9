import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** One process's figures. Labels have few values each: routes as patterns, never ids. */
export type Metrics = {
  readonly registry: Registry
  /** One answered request; `route` is its pattern. */
  httpRequest(method: string, route: string, status: number, seconds: number): void
  /** Events appended to the log. Their types tell which commands there were and what they came to. */
  appended(types: readonly string[]): void
  /** How far a projection is behind the log's head. */
  projectionLag(shard: number, events: number, seconds: number): void
  cacheLookup(result: 'hit' | 'miss'): void
}

const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The metrics of this process, told from its siblings' by the label `process`. */
export const createMetrics = (processName: string): Metrics => {
  const registry = new Registry()
  const registers = [registry]
  registry.setDefaultLabels({ process: processName })
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'daybook_http_request_duration_seconds',
    help: 'Answered requests and how long they took',
    labelNames: ['method', 'route', 'status'],
    buckets: latencyBuckets,
    registers,
  })
  const events = new Counter({
    name: 'daybook_events_appended_total',
    help: 'Events appended to the log by this process, by type',
    labelNames: ['type'],
    registers,
  })
  const lagEvents = new Gauge({
    name: 'daybook_projection_lag_events',
    help: 'Events between a shard and the head of the log',
    labelNames: ['shard'],
    registers,
  })
  const lagSeconds = new Gauge({
    name: 'daybook_projection_lag_seconds',
    help: 'Age of the oldest event that a shard has not applied',
    labelNames: ['shard'],
    registers,
  })
  const lookups = new Counter({
    name: 'daybook_status_cache_lookups_total',
    help: 'Lookups in the status cache by result',
    labelNames: ['result'],
    registers,
  })
  return {
    registry,
    httpRequest: (method, route, status, seconds) => requests.observe({ method, route, status }, seconds),
    appended: (types) => {
      for (const type of types) events.inc({ type })
    },
    projectionLag: (shard, count, seconds) => {
      lagEvents.set({ shard }, count)
      lagSeconds.set({ shard }, seconds)
    },
    cacheLookup: (result) => lookups.inc({ result }),
  }
}
