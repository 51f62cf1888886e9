import { setTimeout as wait } from 'node:timers/promises'
import { announcer } from './announcer.ts'
import { endOf, Hole } from './apply-batch.ts'
import { applyWhole } from './apply-whole.ts'
import { followed } from './copies/followed.ts'
import { CopiesChanged, type Plan } from './copies/target.ts'
import { makeCursors, seenParts } from './cursors.ts'
import type { Result } from './do-work.ts'
import type { EventFeed, SeenPart, Stretch } from './event-feed.ts'
import { type Furthest, furthest } from './furthest.ts'
import { gather } from './gather.ts'
import type { Logger } from './logger.ts'
import type { Partitions } from './partitions.ts'
import type { Projection } from './projection.ts'
import type { ReadModelServer } from './read-model-store.ts'
import type { StatusCache } from './status-cache.ts'

/** What a projector works with. */
export type Parts = {
  readonly feed: EventFeed
  readonly server: ReadModelServer
  readonly partitions: Partitions
  /** Of one name there may be several versions, for the copies that they have made. */
  readonly projections: readonly Projection[]
  readonly statusCache: StatusCache
  readonly logger: Logger
  /**
   * Told how far all parts were seen whenever the feed asks for it, and after each batch those that it went on with, with
   * its events.
   */
  readonly onProgress: (seen: readonly SeenPart[], events: number) => void
  /** Told when the feed has left something out, which is then read from the log itself. */
  readonly onHole: (hole: Hole) => void
}

/** Enough that a statement's own cost is little for each event, and little enough that a batch takes half a second. */
const batchLimit = 16_000
const periodMs = 450
/**
 * A batch costs much before its first event, and again for each balance however many of its events change it. So the
 * busier the machine, the longer the rest; but with its rest a batch takes no longer than a period if it can, so that
 * what is read is less than a second old.
 */
const restMs = (tookMs: number): number => Math.min(4 * tookMs, Math.max(periodMs - tookMs, 0))
const firstPauseMs = 100
const longestPauseMs = 5_000

/** The database has lost its last transactions, and with them where it was: it has to be followed from there. */
class WentBack extends Error {
  override name = 'WentBack'
}

/**
 * What the feed has left out, from the log: the next page for this part alone; where that is not all, for all parts, since
 * they lack the same (what came before the feed's beginning, mostly) and would each read the whole of it.
 */
async function* leftOut(
  { feed, server }: Parts,
  plan: Plan,
  { part, after, upTo }: Hole,
): AsyncGenerator<readonly Stretch[]> {
  for await (const piece of feed.reread(part, after, upTo)) {
    yield [piece]
    if (piece.upTo === upTo) return
    const ends = (await seenBy(server, plan)).flatMap(({ log, sequence }) => (log === part.log ? [sequence] : []))
    yield* feed.rereadAll(part.log, Math.min(...ends), upTo)
    return
  }
}

/** Applies a batch, and before it whatever the feed has left out. Throws `WentBack` where it was not the feed. */
const applyWithHoles = async (
  parts: Parts,
  plan: Plan,
  batch: readonly Stretch[],
  known: Furthest,
): Promise<readonly Result[]> => {
  const results: Result[] = []
  for (;;) {
    try {
      results.push(await applyWhole(parts, plan, batch))
      return results
    } catch (error) {
      if (!(error instanceof Hole)) throw error
      if (known.isLost(error)) throw new WentBack(error.message, { cause: error })
      parts.onHole(error)
      for await (const piece of leftOut(parts, plan, error)) results.push(await applyWhole(parts, plan, piece))
    }
  }
}

/** What there is to follow, with the cursors that were not there. */
const prepare = ({ server, projections, feed }: Parts): Promise<Plan> =>
  server.transaction(async (sql) => {
    const plan = await followed(sql, server, projections)
    await makeCursors(sql, plan.targets, feed)
    return plan
  })

/** How far everything has been seen by the target that is furthest behind. */
const seenBy = (server: ReadModelServer, { targets }: Plan): Promise<readonly SeenPart[]> =>
  server.transaction((sql) => seenParts(sql, targets))

/**
 * Follows the log and keeps a server's read models up to it until `signal` is aborted. Whatever fails is tried again
 * from where the cursors are, with growing pauses; what cannot be applied is parked.
 */
export const runProjector = async (parts: Parts, signal: AbortSignal): Promise<void> => {
  const told = announcer(parts)
  await follow(parts, told.announce, signal)
  await told.end()
}

const follow = async (
  parts: Parts,
  announce: (result: Result) => Promise<void>,
  signal: AbortSignal,
): Promise<void> => {
  const { feed, logger } = parts
  let pauseMs = firstPauseMs
  while (!signal.aborted) {
    const attempt = new AbortController()
    const known = furthest()
    let targets: Plan['targets'] = []
    try {
      const plan = await prepare(parts)
      targets = plan.targets
      const seen = async (): Promise<readonly SeenPart[]> => {
        const places = await seenBy(parts.server, plan)
        known.note(places)
        parts.onProgress(places, 0)
        return places
      }
      const batches = feed.subscribe(seen, AbortSignal.any([signal, attempt.signal]))
      for await (const batch of gather(batches, batchLimit, restMs)) {
        for (const result of await applyWithHoles(parts, plan, batch, known)) {
          for (const { event, reason, projection } of result.parked)
            logger.error({ projection, stream: event.stream, sequence: event.sequence, reason }, 'a stream was parked')
          await announce(result)
        }
        const ends = endOf(batch)
        known.note(ends)
        parts.onProgress(
          ends,
          batch.reduce((sum, { events }) => sum + events.length, 0),
        )
        pauseMs = firstPauseMs
        if (signal.aborted) return
      }
    } catch (error) {
      for (const { projection } of targets) projection.forget()
      if (error instanceof CopiesChanged) continue
      logger.warn({ err: error, pauseMs }, 'the read models cannot be written now')
      await wait(pauseMs, undefined, { signal }).catch(() => undefined)
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    } finally {
      attempt.abort()
    }
  }
}
