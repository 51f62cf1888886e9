import type { RecordedEvent } from '../domain/event.ts'
import type { Sql } from './read-model-store.ts'
import type { StatusEntry } from './status-cache.ts'

/** Where a projection writes: a shard's schema, inside the batch's transaction. */
export type Shard = { readonly schema: string; readonly sql: Sql }

/** What readers by id may want to know at once. */
export type Changed = Omit<StatusEntry, 'position'> & { readonly stream: string }

/** Makes one kind of read model from the events. */
export type Projection = {
  /** What its cursors are called. */
  readonly name: string
  /** Of its tables, from 1. Another one is made beside it by a rebuild (docs/REBUILD.md). */
  readonly version: number
  /** Its tables, each with a primary key. */
  readonly tables: readonly string[]
  /** SQL that makes its tables from those that the migrations make; absent where they are the same. */
  readonly changes?: string
  /** Whether it makes anything of the stream. */
  follows(stream: string): boolean
  /**
   * Applies events of one shard, in the order of the log. Rejects with `StoreUnavailable`; any other error means that an
   * event among them cannot be applied.
   */
  apply(shard: Shard, events: readonly RecordedEvent[]): Promise<readonly Changed[]>
  /** Forgets what it remembers of events it has applied: they were not committed. */
  forget(): void
  /** Another one that remembers nothing yet, for another copy of the tables. */
  anew(): Projection
}
