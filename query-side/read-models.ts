import { type Position, reached } from '../domain/position.ts'
import { Problem } from '../http/problem.ts'
import { currentPosition, notYetProjected, untilReached } from './await-position.ts'
import { type QueryShards, type Question, ReadModelUnavailable } from './shards.ts'
import { type Selection, type Snapshot, snapshot } from './snapshot.ts'

/** Reads that a client's `minPosition` can hold back. */
export type ReadModels = {
  readonly shards: QueryShards
  /** 503 `notYetProjected` when `wanted` is not reached in time, 503 `readModelUnavailable` without the database. */
  read<Row>(selection: Selection<Row>, wanted?: Position): Promise<Snapshot<Row>>
  /** The same of the copies that are live now, whatever is switched meanwhile: for an answer that takes several reads. */
  asOfNow(): Promise<ReadModels>
}

/** `waitMs`: how long a read waits for the position that a client wants to see. */
export const readModels = (shards: QueryShards, waitMs: number): ReadModels => {
  const answering = orUnavailable(shards)
  const current = currentPosition(answering)
  return {
    shards: answering,
    asOfNow: async () => readModels(await answering.asOfNow(), waitMs),
    read: async (selection, wanted) => {
      if (wanted === undefined) return snapshot(answering, selection)
      const deadline = performance.now() + waitMs
      for (;;) {
        await untilReached(() => current(selection.schemas, selection.projection), wanted, deadline)
        const found = await snapshot(answering, selection, wanted)
        if (reached(found.position, wanted)) return found
        // It was there, and then a replica that lacks it had to answer.
        if (performance.now() >= deadline) throw notYetProjected(found.position)
      }
    },
  }
}

const orUnavailable = (shards: QueryShards): QueryShards => ({
  all: shards.all,
  of: (merchantId) => shards.of(merchantId),
  asOfNow: async () => orUnavailable(await shards.asOfNow()),
  ask: <Row>(question: Question<Row>) =>
    shards.ask<Row>(question).catch((error: unknown) => {
      if (!(error instanceof ReadModelUnavailable)) throw error
      throw new Problem(503, 'readModelUnavailable', 'The read models cannot be asked at the moment; try again', {
        headers: { 'Retry-After': '1' },
      })
    }),
})
