import { countParked } from '../../projections/count-parked.ts'
import type { ReadModelServer } from '../../projections/read-model-store.ts'
import type { StreamReader } from '../../projections/stream-reader.ts'
import { projectionNames } from '../rebuild/rebuild-desk.ts'

/** How many streams a projection has parked in what is read, over all shards; one that several have counts in each. */
export type ParkedTotal = {
  readonly projection: string
  /** But for those that are discarded. */
  readonly parked: number
  /** Those that an operator has decided to leave so. */
  readonly discarded: number
}

/** The projections that have parked anything. Rejects as `countParked` does. */
export const parkedTotals = async (
  servers: readonly ReadModelServer[],
  streams: StreamReader,
): Promise<readonly ParkedTotal[]> => {
  const counts = (await Promise.all(servers.map((server) => countParked(server, streams, projectionNames)))).flat()
  return projectionNames
    .map((projection) => {
      const those = counts.filter((each) => each.projection === projection)
      return {
        projection,
        parked: those.reduce((sum, each) => sum + each.parked, 0),
        discarded: those.reduce((sum, each) => sum + each.discarded, 0),
      }
    })
    .filter(({ parked, discarded }) => parked + discarded > 0)
}
