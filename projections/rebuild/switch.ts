import { indexOfShard } from '../copies/copy.ts'
import { type Pair, pairs, standingOf } from '../copies/beside.ts'
import { writePointer } from '../copies/pointer.ts'
import type { ReadModelServer } from '../read-model-store.ts'
import { assertAhead } from './caught-up.ts'
import { RebuildRefused } from './refused.ts'

/** Which copy is read from now on, in so many shards. */
export type Switched = { readonly number: number; readonly shards: number }

const makeLive = async (
  servers: readonly ReadModelServer[],
  projection: string,
  wanted: readonly Pair[],
  pointer: Parameters<typeof writePointer>[2],
): Promise<Switched> => {
  for (const pair of wanted) await pair.server.transaction((sql) => assertAhead(sql, pair))
  // With the first of these it is done; the others only have to hear of it.
  for (const server of servers) await server.transaction((sql) => writePointer(sql, projection, pointer))
  return { number: wanted[0]?.beside.number ?? 0, shards: wanted.length }
}

/**
 * Has readers read the copies beside the live ones from now on, all at once; the old ones are followed further, as the way
 * back. Throws `RebuildRefused` where there is none, or one has not come up to the live one.
 */
export const switchCopies = async (servers: readonly ReadModelServer[], projection: string): Promise<Switched> => {
  const standing = await standingOf(servers, projection)
  const { change, numbers, before } = standing.pointer
  const wanted = pairs(standing)
  if (wanted.length === 0) throw new RebuildRefused(`there is no copy of ${projection} beside the live one`)
  const next = [...numbers]
  for (const { beside } of wanted) next[indexOfShard(beside.shard)] = beside.number
  if (before?.every((number, shard) => number === next[shard]) === true)
    throw new RebuildRefused(
      `the copy of ${projection} beside the live one is the old one: go back to it with a rollback`,
    )
  return makeLive(servers, projection, wanted, { change: change + 1, numbers: next, before: numbers })
}

/** Undoes the last switch. Throws `RebuildRefused` where there was none, or the old copy was dropped. */
export const rollBack = async (servers: readonly ReadModelServer[], projection: string): Promise<Switched> => {
  const standing = await standingOf(servers, projection)
  const { change, before } = standing.pointer
  if (before === null) throw new RebuildRefused(`there is no switch of ${projection} to go back from`)
  const wanted = pairs(standing).filter(({ beside }) => before[indexOfShard(beside.shard)] === beside.number)
  return makeLive(servers, projection, wanted, { change: change + 1, numbers: before, before: null })
}
