import { projectionStream, type RecordedEvent } from '../domain/event.ts'
import { isProjectionEvent } from '../domain/event-types.ts'
import { sequencesIn } from '../domain/position.ts'
import { evolveProjection, initialDiscards } from '../domain/projection/evolve.ts'
import type { History } from './history.ts'
import { type Projection, projections } from './shards.ts'

/** A stream that a projection is to be without from this event of a log on, as an operator has decided. */
export type Discarded = {
  readonly projection: Projection
  readonly stream: string
  readonly log: number
  readonly sequence: number
}

const pageSize = 1_000

const discardedOf = async (history: History, projection: Projection): Promise<readonly Discarded[]> => {
  let discards = initialDiscards
  let page: readonly RecordedEvent[]
  do {
    page = await history.readStream(projectionStream(projection), discards.revision + 1, pageSize)
    discards = page.filter(isProjectionEvent).reduce(evolveProjection, discards)
  } while (page.length === pageSize)
  return [...discards.streams].map(([stream, { position }]) => {
    const sequences = sequencesIn(position)
    return { projection, stream, log: sequences.length - 1, sequence: sequences.at(-1) ?? 0 }
  })
}

/** What operators have decided about all projections' parked streams. */
export const readDiscarded = async (history: History): Promise<readonly Discarded[]> =>
  (await Promise.all(projections.map((projection) => discardedOf(history, projection)))).flat()
