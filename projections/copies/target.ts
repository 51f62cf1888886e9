import type { Projection } from '../projection.ts'
import type { Sql } from '../read-model-store.ts'
import { type Copy, schemaOfCopy } from './copy.ts'

/** A copy that events are applied to. */
export type Target = {
  /** Whose merchants it has. */
  readonly shard: string
  /** Where its rows are. */
  readonly schema: string
  readonly projection: Projection
  readonly live: boolean
}

/** What batches are applied to. */
export type Plan = {
  readonly targets: readonly Target[]
  /** Inside a transaction, for as long as it lasts; throws `CopiesChanged` where these are not the targets any more. */
  confirm(sql: Sql): Promise<void>
}

/** Copies have come, gone or been switched since the plan was made: another one is to be made. */
export class CopiesChanged extends Error {
  override name = 'CopiesChanged'
}

export const targetOf = ({ projection: name, shard, number, live }: Copy, projection: Projection): Target => ({
  shard,
  schema: schemaOfCopy(name, shard, number),
  projection,
  live,
})
