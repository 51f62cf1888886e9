import { journalProjection } from '../journal/journal.ts'
import type { LogReader } from '../log-reader.ts'
import { partitionsOf } from '../partitions.ts'
import { paymentsProjection } from '../payments/payments.ts'
import { payoutsProjection } from '../payouts/payouts.ts'
import { periodsProjection } from '../periods/periods.ts'
import type { Projection } from '../projection.ts'
import { runProjector } from '../projector.ts'
import type { ReadModelServer } from '../read-model-store.ts'
import type { StatusEntry } from '../status-cache.ts'
import { tailFeed } from '../tail-feed.ts'
import { shortStride } from './run-to-head.ts'

/** A projector that follows a log until it is stopped. `warnings` are what it has met, `told` what caches heard. */
export type Following = {
  readonly warnings: readonly unknown[]
  readonly told: readonly StatusEntry[]
  stop(): Promise<void>
}

export const allProjections = (): readonly Projection[] => [
  journalProjection(),
  paymentsProjection(),
  payoutsProjection(),
  periodsProjection(shortStride),
]

export const startFollowing = (
  server: ReadModelServer,
  log: LogReader,
  projections: readonly Projection[] = allProjections(),
): Following => {
  const warnings: unknown[] = []
  const told: StatusEntry[] = []
  const ending = new AbortController()
  const logger = {
    info: () => undefined,
    warn: ({ err }: { err?: unknown }) => void warnings.push(err),
    error: () => undefined,
  }
  const done = runProjector(
    {
      feed: tailFeed(log),
      server,
      partitions: partitionsOf(server),
      projections,
      statusCache: { put: (entries) => void told.push(...entries) },
      logger,
      onProgress: () => undefined,
      onHole: () => undefined,
    },
    ending.signal,
  )
  return {
    warnings,
    told,
    stop: async () => {
      ending.abort()
      await done
    },
  }
}
