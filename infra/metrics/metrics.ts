import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** One process's figures. Labels have few values each: routes as patterns, never ids. */
export type Metrics = {
  readonly registry: Registry
  /** One answered request; `route` is its pattern. */
  httpRequest(method: string, route: string, status: number, seconds: number): void
  /** A call of what a command waits for, the event store or a gateway, has ended after so long. */
  called(of: 'eventStore' | 'gateway', call: string, seconds: number): void
  /** Events appended to the log. Their types tell which commands there were and what they came to. */
  appended(types: readonly string[]): void
  /** How far a projection is behind the log's head. */
  projectionLag(shard: number, events: number, seconds: number): void
  /** A projection does not follow so many streams of a shard any further, but for those that are discarded. */
  projectionParked(shard: number, projection: string, streams: number): void
  /** A feed has left something out, which was read from the log. */
  projectionHole(): void
  /** For a relay of the log to tell up to where it has been sent and confirmed; undefined while it stands by. */
  relayed(log: number): (progress: { readonly sent: number; readonly confirmed: number } | undefined) => void
  /** So many of a log's events are under its last checkpoint, which was signed now. */
  checkpoint(log: number, events: number): void
  /** How far everything was compared with the log, and how many records of each kind differ in each place. */
  reconciled(progress: Reconciled): void
  /** One thing of a kind was looked for in a tier of its cache. */
  cacheLookup(kind: string, tier: string, result: 'hit' | 'miss'): void
  /** A tier that all instances share could not be used in time. */
  cacheUnavailable(kind: string): void
}

/** What a reconciler knows. */
export type Reconciled = {
  /** Up to which sequence each log was compared. */
  readonly sequences: readonly number[]
  /** When the last round through everything ended, in milliseconds since 1970; undefined before. */
  readonly roundEndedMs: number | undefined
  readonly differences: readonly { readonly where: string; readonly kind: string; readonly count: number }[]
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
  const calls = new Histogram({
    name: 'daybook_call_duration_seconds',
    help: 'What commands wait for, and how long it took',
    labelNames: ['of', 'call'],
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
  const parked = new Gauge({
    name: 'daybook_projection_parked_streams',
    help: 'Streams that a projection has set aside because of an event that it cannot apply, but for those that are discarded',
    labelNames: ['shard', 'projection'],
    registers,
  })
  const holes = new Counter({
    name: 'daybook_projection_holes_total',
    help: 'Stretches that the feed has left out and that were read from the event store',
    registers,
  })
  const relay = new Gauge({
    name: 'daybook_relay_sequence',
    help: 'Up to where the active relay of a log has sent it, and the brokers have confirmed it',
    labelNames: ['log', 'state'],
    registers,
  })
  const active = new Gauge({
    name: 'daybook_relay_active',
    help: 'Whether this process relays the log',
    labelNames: ['log'],
    registers,
  })
  const lookups = new Counter({
    name: 'daybook_cache_lookups_total',
    help: 'Lookups by kind of thing, tier of its cache and result',
    labelNames: ['kind', 'tier', 'result'],
    registers,
  })
  const unavailable = new Counter({
    name: 'daybook_cache_unavailable_total',
    help: 'Times when the shared cache could not be used and was passed over, by kind of thing',
    labelNames: ['kind'],
    registers,
  })
  const checkpointEvents = new Gauge({
    name: 'daybook_checkpoint_events',
    help: 'Events of a log that are under its last checkpoint',
    labelNames: ['log'],
    registers,
  })
  const checkpointTime = new Gauge({
    name: 'daybook_checkpoint_timestamp_seconds',
    help: 'When the last checkpoint of a log was signed, in seconds since 1970',
    labelNames: ['log'],
    registers,
  })
  const differences = new Gauge({
    name: 'daybook_reconciliation_difference_events',
    help: 'Records that are not in a place as the log has them, by place and kind',
    labelNames: ['where', 'kind'],
    registers,
  })
  const reconciledSequence = new Gauge({
    name: 'daybook_reconciliation_sequence',
    help: 'Up to where a log was compared with all places',
    labelNames: ['log'],
    registers,
  })
  // Without a label it would be 0 from the beginning, also of processes that reconcile nothing.
  let roundTime: Gauge | undefined
  const roundEnded = (seconds: number): void => {
    roundTime ??= new Gauge({
      name: 'daybook_reconciliation_round_timestamp_seconds',
      help: 'When the last round through everything ended, in seconds since 1970',
      registers,
    })
    roundTime.set(seconds)
  }
  return {
    registry,
    httpRequest: (method, route, status, seconds) => requests.observe({ method, route, status }, seconds),
    called: (of, call, seconds) => calls.observe({ of, call }, seconds),
    appended: (types) => {
      for (const type of types) events.inc({ type })
    },
    projectionLag: (shard, count, seconds) => {
      lagEvents.set({ shard }, count)
      lagSeconds.set({ shard }, seconds)
    },
    projectionParked: (shard, projection, streams) => parked.set({ shard, projection }, streams),
    projectionHole: () => holes.inc(),
    relayed: (log) => {
      active.set({ log }, 0)
      return (progress) => {
        active.set({ log }, progress === undefined ? 0 : 1)
        for (const state of ['sent', 'confirmed'] as const) {
          if (progress === undefined) relay.remove({ log, state })
          else relay.set({ log, state }, progress[state])
        }
      }
    },
    checkpoint: (log, count) => {
      checkpointEvents.set({ log }, count)
      checkpointTime.set({ log }, Date.now() / 1_000)
    },
    reconciled: ({ sequences, roundEndedMs, differences: found }) => {
      for (const [log, sequence] of sequences.entries()) reconciledSequence.set({ log }, sequence)
      if (roundEndedMs !== undefined) roundEnded(roundEndedMs / 1_000)
      for (const { where, kind, count } of found) differences.set({ where, kind }, count)
    },
    cacheLookup: (kind, tier, result) => lookups.inc({ kind, tier, result }),
    cacheUnavailable: (kind) => unavailable.inc({ kind }),
  }
}
