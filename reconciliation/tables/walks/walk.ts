import type { ReadModelServer, Sql } from '../../../projections/read-model-store.ts'
import type { Piece, Wrong } from '../../place.ts'
import type { LiveShard } from '../live-schemas.ts'
import type { TablesDeps } from '../tables-place.ts'

/** A shard whose rows are walked through. */
export type Site = {
  readonly deps: TablesDeps
  readonly server: ReadModelServer
  readonly shard: string
  /** Reads its rows, all as of one moment. */
  readonly read: <T>(work: (sql: Sql, live: LiveShard) => Promise<T>) => Promise<T>
  readonly wrong: Wrong
}

/** Looks at the next rows of a shard: from the beginning where `after` is absent, else from where the piece before said. */
export type Walk = (site: Site, after: string | undefined) => Promise<Piece>

export const nothingFound: Piece = { differences: [], next: undefined }
