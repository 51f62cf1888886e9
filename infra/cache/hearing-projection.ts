import type { RecordedEvent } from '../../domain/event.ts'
import type { Projection } from '../../projections/projection.ts'

/**
 * The projection, whose events are first told to `hear`. It hears of them before they are committed, so of each at least
 * once, whatever crashes; also of some again, and of those that are never applied. It must not reject.
 */
export const hearingProjection = (
  projection: Projection,
  hear: (events: readonly RecordedEvent[]) => Promise<void>,
): Projection => ({
  ...projection,
  apply: async (shard, events) => {
    await hear(events)
    return projection.apply(shard, events)
  },
  anew: () => hearingProjection(projection.anew(), hear),
})
