/** The projections that write what is read, as their cursors name them. */
export const projections = ['payments', 'payouts', 'journal', 'periods'] as const
export type Projection = (typeof projections)[number]

/** One statement. `name` is that of one asked for often, which each connection prepares once. */
export type Statement = { readonly text: string; readonly values: readonly unknown[]; readonly name?: string }

/** What is asked of the servers that hold the schemas: of each one statement, about those that it holds. */
export type Question<Row> = {
  /** Whose live copies are asked; absent where the schemas of the shards themselves are. */
  readonly projection?: Projection
  /** The shards, by their schemas. */
  readonly schemas: readonly string[]
  /** Given the schemas of a server where the rows are. */
  readonly statement: (schemas: readonly string[]) => Statement
  /** Whether to read what is newest; else it may be about a second old. */
  readonly newest?: boolean
  /** Whether rows that may be old will do; else the newest are read. */
  readonly suffices?: (rows: readonly Row[]) => boolean
}

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
   * The rows of each server, each from one snapshot; of a projection's copies those of all servers that are live at one
   * moment. Without a server that takes writes the newest rows are those of
   * whichever answers. int8 comes as bigint, date as YYYY-MM-DD, timestamptz as Date. Rejects with `ReadModelUnavailable`
   * when a server can't answer in bounded time.
   */
  ask<Row>(question: Question<Row>): Promise<readonly (readonly Row[])[]>
  /** The same, which go on with the copies that are live now: for an answer that takes several questions. */
  asOfNow(): Promise<QueryShards>
}

/** The read models can't be asked for now: the database is away, starting, or too slow. */
export class ReadModelUnavailable extends Error {
  override name = 'ReadModelUnavailable'
}
