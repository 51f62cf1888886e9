import type { Position } from '../domain/position.ts'
import { Problem } from '../http/problem.ts'
import { currentPosition, untilReached } from './await-position.ts'
import { type QueryShards, ReadModelUnavailable } from './shards.ts'
import { type Selection, type Snapshot, snapshot } from './snapshot.ts'

/** Reads that a client's `minPosition` can hold back. */
export type ReadModels = {
  readonly shards: QueryShards
  /** 503 `notYetProjected` when `wanted` is not reached in time, 503 `readModelUnavailable` without the database. */
  read<Row>(selection: Selection, wanted?: Position): Promise<Snapshot<Row>>
}

/** `waitMs`: how long a read waits for the position that a client wants to see. */
export const readModels = (shards: QueryShards, waitMs: number): ReadModels => {
  const answering = orUnavailable(shards)
  const current = currentPosition(answering)
  return {
    shards: answering,
    read: async (selection, wanted) => {
      if (wanted !== undefined)
        await untilReached(() => current(selection.schemas, selection.projection), wanted, waitMs)
      return snapshot(answering, selection)
    },
  }
}

const orUnavailable = (shards: QueryShards): QueryShards => ({
  all: shards.all,
  of: (merchantId) => shards.of(merchantId),
  query: <Row>(text: string, values: readonly unknown[], name?: string) =>
    shards.query<Row>(text, values, name).catch((error: unknown) => {
      if (!(error instanceof ReadModelUnavailable)) throw error
      throw new Problem(503, 'readModelUnavailable', 'The read models cannot be asked at the moment; try again', {
        headers: { 'Retry-After': '1' },
      })
    }),
})
