/**
 * The read models: one schema per shard, written by the projections and only read here. Schema names go into SQL as
 * they are, so they come from this list and from nowhere else.
 */
export type QueryShards = {
  /** The schemas of all shards. */
  readonly all: readonly string[]
  /** The schema that holds a merchant's rows. */
  of(merchantId: string): string
  /**
   * Runs one statement, in one snapshot. `name` is that of a statement asked for often, which each connection prepares
   * once. int8 comes as bigint, date as YYYY-MM-DD, timestamptz as Date. Rejects with `ReadModelUnavailable` when the
   * database can't answer in bounded time.
   */
  query<Row>(text: string, values: readonly unknown[], name?: string): Promise<readonly Row[]>
}

/** The read models can't be asked for now: the database is away, starting, or too slow. */
export class ReadModelUnavailable extends Error {
  override name = 'ReadModelUnavailable'
}
