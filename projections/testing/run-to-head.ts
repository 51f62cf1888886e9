import { reached } from '../../domain/position.ts'
import type { EventFeed } from '../event-feed.ts'
import { journalProjection } from '../journal/journal.ts'
import { partitionsOf } from '../partitions.ts'
import { paymentsProjection } from '../payments/payments.ts'
import { payoutsProjection } from '../payouts/payouts.ts'
import { runProjector } from '../projector.ts'
import type { ReadModelServer } from '../read-model-store.ts'
import type { StatusCache } from '../status-cache.ts'

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const deaf: StatusCache = { put: () => undefined }

/** Runs a new projector until the read models are where the log ends. */
export const runToHead = async (
  server: ReadModelServer,
  feed: EventFeed,
  statusCache: StatusCache = deaf,
  remembered?: number,
): Promise<void> => {
  const head = await feed.head()
  const done = new AbortController()
  await runProjector(
    {
      feed,
      server,
      partitions: partitionsOf(server),
      projections: [journalProjection(), paymentsProjection(remembered), payoutsProjection()],
      statusCache,
      logger: quiet,
      onProgress: (position) => {
        if (reached(position, head)) done.abort()
      },
    },
    done.signal,
  )
}
