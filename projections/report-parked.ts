import { indexOfShard } from './copies/copy.ts'
import { countParked } from './count-parked.ts'
import type { ReadModelServer } from './read-model-store.ts'
import type { StreamReader } from './stream-reader.ts'

/** Hears how many streams a projection has parked in a shard, in the copy that is read, but for those that are discarded. */
export type ParkedListener = (shard: number, projection: string, streams: number) => void

/** Tells it of each shard of a server and each projection, each time it is called. Rejects as `countParked` does. */
export const parkedReporter =
  (
    server: ReadModelServer,
    streams: StreamReader,
    projections: readonly string[],
    listener: ParkedListener,
  ): (() => Promise<void>) =>
  async () => {
    for (const { shard, projection, parked } of await countParked(server, streams, projections))
      listener(indexOfShard(shard), projection, parked)
  }
