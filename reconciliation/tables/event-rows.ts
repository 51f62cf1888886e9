import type { Sql } from '../../projections/read-model-store.ts'
import type { EventRecord } from '../compare-records.ts'
import { type Digest, digestFrom } from '../digest.ts'
import type { EventTable } from './event-tables.ts'

/** A stretch of a log. */
export type Span = { readonly log: number; readonly after: number; readonly upTo: number }

/** The digests of the rows of a stretch, in the order of the schemas. */
export const rowDigests = async (
  sql: Sql,
  { table, hash }: EventTable,
  schemas: readonly string[],
  { log, after, upTo }: Span,
): Promise<readonly Digest[]> => {
  const rows = await sql.query<{ count: bigint; sum: string }>(
    schemas
      .map(
        (schema, index) => `select ${index} as index, count(*) as count, coalesce(sum(${hash}), 0)::text as sum
          from ${schema}.${table} where log = $1 and sequence > $2 and sequence <= $3`,
      )
      .join(' union all ')
      .concat(' order by index'),
    [log, after, upTo],
  )
  return rows.map(({ count, sum }) => digestFrom(Number(count), BigInt(sum)))
}

type Row = Omit<EventRecord, 'sequence'> & { readonly sequence: bigint }

const recordOf = (row: Row): EventRecord => ({ ...row, sequence: Number(row.sequence) })

const select = ({ table, id, stream, hash }: EventTable, schema: string): string =>
  `select sequence, ${id} as id, ${stream} as stream, ${hash} as hash from ${schema}.${table}`

/** The rows of a stretch, at most `limit` of them. */
export const rowsIn = async (
  sql: Sql,
  table: EventTable,
  schema: string,
  { log, after, upTo }: Span,
  limit: number,
): Promise<readonly EventRecord[]> => {
  const text = `${select(table, schema)} where log = $1 and sequence > $2 and sequence <= $3 order by sequence limit $4`
  return (await sql.query<Row>(text, [log, after, upTo, limit])).map(recordOf)
}

/** Rows of events that no projector has seen, at most `limit` of them: those beyond all cursors, or of no log. */
export const rowsAhead = async (
  sql: Sql,
  table: EventTable,
  schema: string,
  logs: number,
  limit: number,
): Promise<readonly (EventRecord & { readonly log: number })[]> => {
  const found: (EventRecord & { readonly log: number })[] = []
  const seen = `coalesce((select max(sequence) from ${schema}.cursors where projection = 'journal' and log = $1), 0)`
  const beyond = `${select(table, schema)} where log = $1 and sequence > ${seen} order by sequence limit $2`
  for (let log = 0; log < logs; log++)
    found.push(...(await sql.query<Row>(beyond, [log, limit])).map((row) => ({ ...recordOf(row), log })))
  const nowhere = `${select(table, schema).replace('select', 'select log,')}
    where log < 0 or log >= $1 or sequence < 1 order by sequence limit $2`
  const rows = await sql.query<Row & { log: number }>(nowhere, [logs, limit])
  return [...found, ...rows.map((row) => ({ ...recordOf(row), log: row.log }))]
}
