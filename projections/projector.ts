import { setTimeout as wait } from 'node:timers/promises'
import { lowest, type Position, sequencesIn } from '../domain/position.ts'
import { applyBatch, byShard, type Result } from './apply-batch.ts'
import { applyCarefully } from './apply-carefully.ts'
import { applyQuickly } from './apply-quickly.ts'
import { lockCursors, makeCursors } from './cursors.ts'
import type { EventFeed, FeedBatch } from './event-feed.ts'
import { gather } from './gather.ts'
import type { Logger } from './logger.ts'
import { type Month, monthOf } from './month.ts'
import type { Partitions } from './partitions.ts'
import type { Projection } from './projection.ts'
import { type ReadModelServer, StoreUnavailable } from './read-model-store.ts'
import type { StatusCache } from './status-cache.ts'

/** What a projector works with. */
export type Parts = {
  readonly feed: EventFeed
  readonly server: ReadModelServer
  readonly partitions: Partitions
  readonly projections: readonly Projection[]
  readonly statusCache: StatusCache
  readonly logger: Logger
  /** Told at the beginning and after each batch: up to where the read models are, and how many events it had. */
  readonly onProgress: (position: Position, events: number) => void
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

const monthsOf = (server: ReadModelServer, { events }: FeedBatch): ReadonlyMap<string, ReadonlySet<Month>> =>
  new Map(
    [...byShard(server, events)].map(([schema, those]) => [
      schema,
      new Set(those.flatMap(({ recordedAt }) => monthOf(recordedAt) ?? [])),
    ]),
  )

/** One batch, quickly; if anything in it is at fault, carefully. */
const apply = async (parts: Parts, batch: FeedBatch): Promise<Result> => {
  const { server, partitions, projections } = parts
  await partitions.ensure(monthsOf(server, batch))
  try {
    return await applyBatch(server, projections, batch, applyQuickly)
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error
    for (const projection of projections) projection.forget()
    partitions.forget()
    await partitions.ensure(monthsOf(server, batch))
    return await applyBatch(server, projections, batch, applyCarefully)
  }
}

/** Where the projection that is furthest behind stands; makes the cursors that are not there. */
const whereToBegin = ({ server, projections, feed }: Parts): Promise<Position> =>
  server.transaction(async (sql) => {
    const names = projections.map(({ name }) => name)
    const logs = sequencesIn(await feed.head()).length
    await makeCursors(sql, server.shards, names, logs)
    return lowest((await lockCursors(sql, server.shards, names)).map(({ position }) => position))
  })

/** Tells the cache in turn, so that a slow one slows the projector and a broken one doesn't. */
const announcer = ({ statusCache, logger }: Parts) => {
  let told: Promise<void> = Promise.resolve()
  return async ({ changed }: Result, position: Position): Promise<void> => {
    await told
    if (changed.length === 0) return
    const put = async (): Promise<void> => statusCache.put(changed.map((each) => ({ ...each, position })))
    told = put().catch((error: unknown) => {
      logger.warn({ err: error }, 'the status cache did not take what changed')
    })
  }
}

/**
 * Follows the log and keeps a server's read models up to it until `signal` is aborted. Whatever fails is tried again
 * from where the cursors are, with growing pauses; what cannot be applied is parked.
 */
export const runProjector = async (parts: Parts, signal: AbortSignal): Promise<void> => {
  const { feed, logger } = parts
  const announce = announcer(parts)
  let pauseMs = firstPauseMs
  while (!signal.aborted) {
    const attempt = new AbortController()
    try {
      const from = await whereToBegin(parts)
      parts.onProgress(from, 0)
      const batches = feed.subscribe(from, AbortSignal.any([signal, attempt.signal]))
      for await (const batch of gather(batches, batchLimit, restMs)) {
        const result = await apply(parts, batch)
        for (const { event, reason, projection } of result.parked)
          logger.error({ projection, stream: event.stream, sequence: event.sequence, reason }, 'a stream was parked')
        await announce(result, batch.position)
        parts.onProgress(batch.position, batch.events.length)
        pauseMs = firstPauseMs
        if (signal.aborted) return
      }
    } catch (error) {
      for (const projection of parts.projections) projection.forget()
      logger.warn({ err: error, pauseMs }, 'the read models cannot be written now')
      await wait(pauseMs, undefined, { signal }).catch(() => undefined)
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    } finally {
      attempt.abort()
    }
  }
}
