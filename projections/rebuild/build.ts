import { setTimeout as wait } from 'node:timers/promises'
import { type Position, sequenceIn, sequencesIn } from '../../domain/position.ts'
import { byShard } from '../apply-batch.ts'
import { applyWhole, type Place } from '../apply-whole.ts'
import type { Plan, Target } from '../copies/target.ts'
import { seenParts } from '../cursors.ts'
import type { EventFeed, SeenPart, Stretch } from '../event-feed.ts'
import { inLanes } from './in-lanes.ts'

/** A copy that is being built, of one shard. It is nobody's but the builder's, who holds the rebuild's lock. */
export type Site = { readonly place: Place; readonly target: Target }

export type BuildTools = {
  /** Whose `rereadAll` the events come from. */
  readonly feed: EventFeed
  /** Events a second at most; no limit where absent. */
  readonly maxRate?: number
  readonly signal: AbortSignal
  /** Told after each piece that was written how many events that were. */
  readonly onEvents: (events: number) => void
}

/** So many that the statements of a transaction cost little for each; some two hundred megabytes while two are in memory. */
const pieceEvents = 32_000
/** One is prepared here while others are written there. */
const lanes = 3

export const planOf = (target: Target): Plan => ({ targets: [target], confirm: async () => undefined })

/** How far the site that is furthest behind has seen each part. */
const seenAt = ({ place, target }: Site): Promise<readonly SeenPart[]> =>
  place.server.transaction((sql) => seenParts(sql, [target]))

/** Up to where all sites have seen each log. */
export const builtTo = async (sites: readonly Site[], logs: number): Promise<readonly number[]> => {
  const seen = (await Promise.all(sites.map(seenAt))).flat()
  return Array.from({ length: logs }, (_, of) =>
    Math.min(...seen.flatMap(({ log, sequence }) => (log === of ? [sequence] : []))),
  )
}

/** What of the stretches each site's shard has, whichever server it is on. */
const dealt = (sites: readonly Site[], stretches: readonly Stretch[]): ((shard: string) => readonly Stretch[]) => {
  const [first] = sites
  if (first === undefined) return () => []
  const { shardOf } = first.place.server
  const shards = sites.map(({ target }) => target.shard)
  const events = stretches.map((stretch) => byShard({ shards, shardOf }, stretch.events))
  return (shard) => stretches.map((each, index) => ({ ...each, events: events[index]?.get(shard) ?? [] }))
}

/** A server as one shard sees it whose events have been chosen already. */
const ofShard = ({ server, partitions }: Place, shard: string): Place => ({
  server: { ...server, shards: [shard], shardOf: () => shard },
  partitions,
})

/** Applies a piece of the log to all sites, several at once. Each has its own transaction, with its cursor. */
const write = (sites: readonly Site[], stretches: readonly Stretch[]): Promise<void> => {
  const of = dealt(sites, stretches)
  return inLanes(
    lanes,
    sites.map(
      ({ place, target }) =>
        () =>
          applyWhole(ofShard(place, target.shard), planOf(target), of(target.shard)),
    ),
  )
}

/** Pieces of a log, from what all sites have seen of it. */
async function* piecesOf(
  { feed, maxRate = pieceEvents }: BuildTools,
  log: number,
  after: number,
  upTo: number,
): AsyncGenerator<readonly Stretch[]> {
  let piece: Stretch[] = []
  let events = 0
  for await (const stretches of feed.rereadAll(log, after, upTo)) {
    piece.push(...stretches)
    for (const stretch of stretches) events += stretch.events.length
    if (events < Math.min(pieceEvents, maxRate)) continue
    yield piece
    piece = []
    events = 0
  }
  if (piece.length > 0) yield piece
}

/** How long what was done in `tookMs` should have taken. */
const restMs = (events: number, tookMs: number, maxRate: number | undefined): number =>
  maxRate === undefined ? 0 : Math.max(0, (events / maxRate) * 1_000 - tookMs)

/**
 * Brings the sites from wherever they stand up to a position. The next piece is read while one is written; both are all
 * that is in memory. Stops between two pieces when `signal` is aborted. Rejects with `StoreUnavailable`.
 */
export const buildTo = async (sites: readonly Site[], upTo: Position, tools: BuildTools): Promise<void> => {
  const { feed, maxRate, signal, onEvents } = tools
  const seen = await builtTo(sites, feed.logs)
  for (const log of sequencesIn(upTo).keys()) {
    let under: Promise<void> = Promise.resolve()
    let begunAt = performance.now()
    for await (const piece of piecesOf(tools, log, seen[log] ?? 0, sequenceIn(upTo, log))) {
      await under
      if (signal.aborted) return
      const events = piece.reduce((sum, stretch) => sum + stretch.events.length, 0)
      await wait(restMs(events, performance.now() - begunAt, maxRate), undefined, { signal }).catch(() => undefined)
      begunAt = performance.now()
      under = write(sites, piece).then(() => onEvents(events))
      // It is awaited before the next one; until then it may be rejected.
      under.catch(() => undefined)
    }
    await under
  }
}
