import { type EventStore } from '../../command-side/event-store.ts'
import { readDiscards, recordDiscard } from '../../command-side/parked-streams/discards.ts'
import type { Occasion } from '../../command-side/decide-on-stream.ts'
import { positionOf } from '../../domain/position.ts'
import { type ParkedCopy, parkedCopies, parkedPage } from '../../projections/parked-page.ts'
import { partitionsOf } from '../../projections/partitions.ts'
import { retryStream } from '../../projections/retry-stream.ts'
import type { StatusCache } from '../../projections/status-cache.ts'
import type { LogEvent } from '../../projections/unread.ts'
import { projectionOf, type RebuildDesk } from '../rebuild/rebuild-desk.ts'
import { foremost, parkedResource } from './resource.ts'
import type { ParkedStreamResource } from './schemas.ts'

/** What operators can do about the streams that a projection has parked. Rejects with `StoreUnavailable`. */
export type ParkedStreams = {
  /** Up to `limit` streams after `after`, by name. */
  list(projection: string, after: string, limit: number): Promise<readonly ParkedStreamResource[]>
  /** Undefined where no copy has parked it. */
  find(projection: string, stream: string): Promise<ParkedStreamResource | undefined>
  /** The first `limit` events that are not applied; none where no copy has parked the stream. */
  events(projection: string, stream: string, limit: number): Promise<readonly LogEvent[]>
  /** Tries it again in all copies; what is still parked afterwards. */
  retry(projection: string, stream: string): Promise<ParkedStreamResource | undefined>
  /** Records that it is to be left so; undefined where no copy has parked it. */
  discard(
    projection: string,
    stream: string,
    decision: { readonly reason: string; readonly by: string },
    occasion: Occasion,
  ): Promise<ParkedStreamResource | undefined>
}

export const createParkedStreams = (deps: {
  readonly desk: () => Promise<RebuildDesk>
  /** How far it is from one event of a log to the next (`domain/period.ts`). */
  readonly stride: number
  readonly store: EventStore
  readonly statusCache: StatusCache
}): ParkedStreams => {
  const { desk, stride, store, statusCache } = deps

  const copiesOf = async (projection: string, stream: string): Promise<readonly ParkedCopy[]> => {
    const { servers } = await desk()
    return (await Promise.all(servers.map((server) => parkedCopies(server, projection, stream)))).flat()
  }
  const find = async (projection: string, stream: string): Promise<ParkedStreamResource | undefined> => {
    const copies = await copiesOf(projection, stream)
    return copies.length === 0 ? undefined : parkedResource(stream, copies, await readDiscards(store, projection))
  }

  return {
    find,
    list: async (projection, after, limit) => {
      const { servers } = await desk()
      const found = await Promise.all(servers.map((server) => parkedPage(server, projection, after, limit)))
      const copies = found.flat()
      const discards = await readDiscards(store, projection)
      return [...new Set(copies.map(({ stream }) => stream))]
        .toSorted()
        .slice(0, limit)
        .map((name) =>
          parkedResource(
            name,
            copies.filter(({ stream }) => stream === name),
            discards,
          ),
        )
    },
    events: async (projection, stream, limit) => {
      const first = foremost(await copiesOf(projection, stream))
      if (first === undefined) return []
      const events = await (await desk()).streams.streamFrom(stream, first.revision ?? 0)
      return events.filter(({ log, sequence }) => log === first.log && sequence >= first.sequence).slice(0, limit)
    },
    retry: async (projection, stream) => {
      const { servers, feed, streams: log, logger } = await desk()
      const projections = [projectionOf(projection, stride)]
      for (const server of servers) {
        const partitions = partitionsOf(server)
        await retryStream({ feed, log, server, partitions, projections, statusCache, logger }, projection, stream)
      }
      return find(projection, stream)
    },
    discard: async (projection, stream, { reason, by }, occasion) => {
      const copies = await copiesOf(projection, stream)
      const first = foremost(copies)
      if (first === undefined) return undefined
      const command = { type: 'discardParked', projection, stream, position: positionOf(first), reason, by } as const
      const { discards } = await recordDiscard(store, command, occasion)
      return parkedResource(stream, copies, discards)
    },
  }
}
