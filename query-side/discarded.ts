import { projectionStream, type RecordedEvent } from '../domain/event.ts'
import { isProjectionEvent } from '../domain/event-types.ts'
import { type DiscardedStream, discardedStreams } from '../domain/projection/discarded.ts'
import { evolveProjection, initialDiscards } from '../domain/projection/evolve.ts'
import type { History } from './history.ts'
import { type Projection, projections } from './shards.ts'

/** A stream that an operator has decided a projection is to be without. */
export type Discarded = DiscardedStream & { readonly projection: Projection }

const pageSize = 1_000

const discardedOf = async (history: History, projection: Projection): Promise<readonly Discarded[]> => {
  let discards = initialDiscards
  let page: readonly RecordedEvent[]
  do {
    page = await history.readStream(projectionStream(projection), discards.revision + 1, pageSize)
    discards = page.filter(isProjectionEvent).reduce(evolveProjection, discards)
  } while (page.length === pageSize)
  return discardedStreams(discards).map((each) => ({ ...each, projection }))
}

/** What operators have decided about all projections' parked streams. */
export const readDiscarded = async (history: History): Promise<readonly Discarded[]> =>
  (await Promise.all(projections.map((projection) => discardedOf(history, projection)))).flat()
