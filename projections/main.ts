import { setTimeout as wait } from 'node:timers/promises'
import type { Hole } from './apply-batch.ts'
import { followed } from './copies/followed.ts'
import { makeCursors } from './cursors.ts'
import type { EventFeed } from './event-feed.ts'
import { journalProjection } from './journal/journal.ts'
import type { LagOf } from './lag.ts'
import type { Logger } from './logger.ts'
import { migrate } from './migrate.ts'
import { type Partitions, partitionsOf } from './partitions.ts'
import { paymentsProjection } from './payments/payments.ts'
import { payoutsProjection } from './payouts/payouts.ts'
import { periodsProjection } from './periods/periods.ts'
import type { Projection } from './projection.ts'
import { runProjector } from './projector.ts'
import { type ReadModelServer, StoreUnavailable } from './read-model-store.ts'
import { type LagListener, lagReporter } from './report-lag.ts'
import { type ParkedListener, parkedReporter } from './report-parked.ts'
import type { StatusCache } from './status-cache.ts'
import type { StreamReader } from './stream-reader.ts'
import { takeUpParked } from './take-up.ts'

export type ProjectionsDeps = {
  /** Each has some of the shards; a projector follows the feed for each, so that none waits for another. */
  readonly servers: readonly ReadModelServer[]
  /** The feed of a server's own projector. */
  readonly feedOf: (server: ReadModelServer) => EventFeed
  /** The streams of all logs, for those that are taken up again. */
  readonly streams: StreamReader
  readonly lagOf: LagOf
  readonly statusCache: StatusCache
  /** A journal that also tells others of merchants' events; the plain one where absent. */
  readonly journal?: () => Projection
  /** How far it is from one event of a log to the next (`domain/period.ts`). */
  readonly stride: number
  readonly logger: Logger
  readonly onLag: LagListener
  readonly onParked: ParkedListener
  readonly onHole: (hole: Hole) => void
  /** All servers have their tables and say how far they are, and the feed is being followed. */
  readonly onReady: () => void
}

const dayMs = 24 * 60 * 60 * 1_000
const reportIntervalMs = 1_000
/** Nobody has to act on it within seconds. */
const parkedIntervalMs = 10_000
const firstPauseMs = 200
const longestPauseMs = 5_000

/** Makes a server's tables and cursors; waits for one that is away. Throws `MigrationError` or `OtherFeed` where its tables cannot be used. */
const prepare = async (
  server: ReadModelServer,
  partitions: Partitions,
  projections: readonly Projection[],
  feed: EventFeed,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> => {
  for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      const migrated = await migrate(server)
      if (migrated > 0) logger.info({ shards: migrated }, 'the read models were migrated')
      // Without them nobody could tell that there is something to apply.
      await server.transaction(async (sql) =>
        makeCursors(sql, (await followed(sql, server, projections)).targets, feed),
      )
      return await partitions.ahead(new Date())
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      logger.warn({ err: error, pauseMs }, 'the tables cannot be made now')
      await wait(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }
}

/** Does the work again and again, `intervalMs` apart, until the signal is aborted; a failure is told and is no end. */
const every = async (
  intervalMs: number,
  work: () => Promise<unknown>,
  onFailure: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    await work().catch(onFailure)
    await wait(intervalMs, undefined, { signal }).catch(() => undefined)
  }
}

/** Keeps the read models up to the log until `signal` is aborted. Throws `MigrationError` or `OtherFeed`. */
export const runProjections = async (deps: ProjectionsDeps, signal: AbortSignal): Promise<void> => {
  const { servers, feedOf, streams, lagOf, statusCache, journal = journalProjection, stride } = deps
  const { logger, onLag, onParked, onHole, onReady } = deps
  const projections = (): readonly Projection[] => [
    journal(),
    paymentsProjection(),
    payoutsProjection(),
    periodsProjection(stride),
  ]
  const names = projections().map(({ name }) => name)
  let waitedFor = servers.length

  const runOne = async (server: ReadModelServer, end: AbortSignal): Promise<void> => {
    const partitions = partitionsOf(server)
    const feed = feedOf(server)
    await prepare(server, partitions, projections(), feed, logger, end)
    if (end.aborted) return
    if (--waitedFor === 0) onReady()
    const warn = (message: string) => (error: unknown) => logger.warn({ err: error }, message)
    await Promise.all([
      every(dayMs, () => partitions.ahead(new Date()), warn('the next months have no partitions yet'), end),
      every(reportIntervalMs, lagReporter(server, lagOf, onLag), warn('the lag is not known'), end),
      every(
        parkedIntervalMs,
        parkedReporter(server, streams, names, onParked),
        warn('how many streams are parked is not known'),
        end,
      ),
      takeUpParked({ feed, log: streams, server, partitions, projections: projections(), statusCache, logger }, end),
      runProjector(
        {
          feed,
          server,
          partitions,
          projections: projections(),
          statusCache,
          logger,
          onProgress: () => undefined,
          onHole: (hole) => {
            logger.error({}, `the feed has left something out, which is read from the log: ${hole.message}`)
            onHole(hole)
          },
        },
        end,
      ),
    ])
  }

  const failed = new AbortController()
  const end = AbortSignal.any([signal, failed.signal])
  await Promise.all(
    servers.map((server) =>
      runOne(server, end).catch((error: unknown) => {
        failed.abort()
        throw error
      }),
    ),
  )
}
