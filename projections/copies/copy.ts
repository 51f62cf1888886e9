/**
 * How far a copy is: its builder goes on, or has stopped at the position it was to come to, or projectors follow the log
 * for it.
 */
export type CopyState = 'building' | 'stopped' | 'caughtUp'

/** The tables of a projection in one shard, of which there may be two side by side. */
export type Copy = {
  readonly projection: string
  readonly shard: string
  /** From 1; no number is used again. */
  readonly number: number
  /** Of the projection's code that writes it. */
  readonly version: number
  readonly state: CopyState
  /** Whether readers read it. */
  readonly live: boolean
}

/** What is there before anything was rebuilt: the tables that the migrations make in the shard's own schema. */
export const firstCopy = (projection: string, shard: string): Copy => ({
  projection,
  shard,
  number: 1,
  version: 1,
  state: 'caughtUp',
  live: true,
})

/** The schema of a copy's tables. */
export const schemaOfCopy = (projection: string, shard: string, number: number): string =>
  number === 1 ? shard : `${shard}_${projection}_${number}`

/** The place of a shard's schema among all of them, from 0. */
export const indexOfShard = (shard: string): number => Number(shard.slice(shard.lastIndexOf('_') + 1))
