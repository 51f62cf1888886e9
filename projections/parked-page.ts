import { readCopies } from './copies/read-copies.ts'
import { schemaOfCopy } from './copies/copy.ts'
import type { ReadModelServer, Sql } from './read-model-store.ts'

/** A stream that a copy of a projection follows no more: from which event on, and why. */
export type ParkedCopy = {
  readonly stream: string
  readonly shard: string
  readonly copy: number
  /** Whether this copy is read. */
  readonly live: boolean
  readonly schema: string
  readonly log: number
  readonly sequence: number
  /** Null for what was parked before this was kept. */
  readonly revision: number | null
  readonly eventType: string
  readonly reason: string
  /** Whether the event could not be read at all, rather than not be applied. */
  readonly unreadable: boolean
  readonly parkedAt: Date
}

type Row = Omit<ParkedCopy, 'sequence'> & { readonly sequence: bigint }

const select = ({ schema, shard, number, live }: { schema: string; shard: string; number: number; live: boolean }) => `
  select '${schema}' as schema, '${shard}' as shard, ${number} as copy, ${live} as live, stream, log, sequence, revision,
    event_type as "eventType", reason, unreadable, parked_at as "parkedAt"
  from ${schema}.parked_streams where projection = $1`

const read = async (
  sql: Sql,
  server: ReadModelServer,
  projection: string,
  condition: string,
  values: readonly unknown[],
): Promise<readonly ParkedCopy[]> => {
  // There may be rows of others', with numbers of their own.
  const copies = (await readCopies(sql, server.shards, [projection])).filter((copy) => copy.projection === projection)
  const selects = copies.map((copy) => select({ ...copy, schema: schemaOfCopy(projection, copy.shard, copy.number) }))
  const rows = await sql.query<Row>(
    `with parked as (${selects.join(' union all ')})
     select * from parked where ${condition} order by stream collate "C", shard, copy`,
    [projection, ...values],
  )
  return rows.map((row) => ({ ...row, sequence: Number(row.sequence) }))
}

/** The first `limit` streams after `after`, each with all copies on the server that have parked it. */
export const parkedPage = (
  server: ReadModelServer,
  projection: string,
  after: string,
  limit: number,
): Promise<readonly ParkedCopy[]> =>
  server.transaction((sql) =>
    read(
      sql,
      server,
      projection,
      `stream in (
         select stream from parked where stream collate "C" > $2::text group by stream
         order by stream collate "C" limit $3
       )`,
      [after, limit],
    ),
  )

/** The copies on the server that have parked the stream. */
export const parkedCopies = (
  server: ReadModelServer,
  projection: string,
  stream: string,
): Promise<readonly ParkedCopy[]> =>
  server.transaction((sql) => read(sql, server, projection, 'stream = $2::text', [stream]))
