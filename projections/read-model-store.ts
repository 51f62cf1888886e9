/** Statements inside one transaction, run one after another in the order in which they were asked for. */
export type Sql = {
  /**
   * Runs a statement, prepared under its own text where it has `values`; without them several may stand in one text.
   * int8 comes as bigint, timestamptz as Date. Rejects with `StoreUnavailable`, or any other error where the data is at
   * fault: then repeating it cannot help.
   */
  query<Row>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>
  /** `copy … from stdin`, with rows in PostgreSQL's text format. Rejects as `query` does. */
  copy(text: string, rows: string): Promise<void>
  /** Does the work or, when it is rejected, none of it; the transaction goes on in either case. */
  savepoint<T>(work: () => Promise<T>): Promise<T>
}

/** One database server and the schemas of the shards it holds. */
export type ReadModelServer = {
  readonly shards: readonly string[]
  /** How many shards there are on all servers together. */
  readonly shardCount: number
  /** The schema of a merchant, here or on another server. */
  shardOf(merchantId: string): string
  /**
   * Commits what `work` did once it is done, or nothing when it is rejected. The commit does not wait for the disk:
   * after a crash the last ones may be gone, cursors included, and are done again from the log.
   */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>
}

/** The database cannot be used now, or not in this way; the data is not at fault. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable'
}
