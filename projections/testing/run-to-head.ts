import { type Position, reached } from '../../domain/position.ts'
import type { EventFeed, SeenPart } from '../event-feed.ts'
import { journalProjection } from '../journal/journal.ts'
import type { LogReader } from '../log-reader.ts'
import { partitionsOf } from '../partitions.ts'
import { paymentsProjection } from '../payments/payments.ts'
import { payoutsProjection } from '../payouts/payouts.ts'
import { positionSeen } from '../position-seen.ts'
import { periodsProjection } from '../periods/periods.ts'
import { runProjector } from '../projector.ts'
import type { ReadModelServer } from '../read-model-store.ts'
import type { StatusCache } from '../status-cache.ts'
import { tailFeed } from '../tail-feed.ts'

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const deaf: StatusCache = { put: () => undefined }

/** Smaller periods than they are in earnest, so that a short log has many of them. */
export const shortStride = 1 / 64

/** Runs a new projector on a feed until the read models are at `head`. Returns how many holes it has filled. */
export const runFeed = async (
  server: ReadModelServer,
  feed: EventFeed,
  head: Position,
  statusCache: StatusCache = deaf,
  remembered?: number,
): Promise<number> => {
  const done = new AbortController()
  let holes = 0
  const parts = new Map<string, SeenPart>()
  await runProjector(
    {
      feed,
      server,
      partitions: partitionsOf(server),
      projections: [
        journalProjection(),
        paymentsProjection(remembered),
        payoutsProjection(),
        periodsProjection(shortStride),
      ],
      statusCache,
      logger: quiet,
      onProgress: (seen) => {
        for (const each of seen) parts.set(`${each.log} ${each.part}`, each)
        if (reached(positionSeen([...parts.values()]), head)) done.abort()
      },
      onHole: () => holes++,
    },
    done.signal,
  )
  return holes
}

/** Runs a new projector on the tail of a log until the read models are where the log ends. */
export const runToHead = async (
  server: ReadModelServer,
  log: LogReader,
  statusCache?: StatusCache,
  remembered?: number,
): Promise<number> => runFeed(server, tailFeed(log), await log.head(), statusCache, remembered)
