import { positionOf } from '../../domain/position.ts'
import type { Discards } from '../../domain/projection/state.ts'
import type { ParkedCopy } from '../../projections/parked-page.ts'
import type { ParkedStreamResource } from './schemas.ts'

/** The copy that speaks for all: the one that is read, where it has parked the stream. */
export const foremost = (copies: readonly ParkedCopy[]): ParkedCopy | undefined =>
  copies.find(({ live }) => live) ?? copies[0]

/** A parked stream as clients see it. It is discarded only where it is still parked at the event that this was said of. */
export const parkedResource = (
  stream: string,
  copies: readonly ParkedCopy[],
  discards: Discards,
): ParkedStreamResource => {
  const [said, first] = [discards.streams.get(stream), foremost(copies)]
  const holds = said !== undefined && first !== undefined && said.position === positionOf(first)
  return {
    stream,
    discarded: holds ? { reason: said.reason, by: said.by, at: said.at } : null,
    copies: copies.map((each) => ({
      shard: each.shard,
      copy: each.copy,
      live: each.live,
      position: positionOf(each),
      revision: each.revision,
      eventType: each.eventType,
      reason: each.reason,
      unreadable: each.unreadable,
      parkedAt: each.parkedAt.toISOString(),
    })),
  }
}
