import type { Sql } from './read-model-store.ts'
import { isUnread, type LogEvent, merchantOf } from './unread.ts'

/** An event that a projection cannot apply, or nobody read, and why. Its stream is not followed any further. */
export type Fault = { readonly event: LogEvent; readonly reason: string }

type Place = { readonly schema: string; readonly projection: string; readonly stream: string }

const longestReason = 1_000

/** PostgreSQL's text cannot hold NUL, and whatever is parked may hold anything. */
const storable = (text: string): string => text.replaceAll('\u0000', '\ufffd')

const keyOf = (schema: string, projection: string, stream: string): string => `${schema} ${projection} ${stream}`

/** Tells whether a projection follows a stream no more. */
export type IsParked = (schema: string, projection: string, stream: string) => boolean

export const readParked = async (sql: Sql, schemas: readonly string[]): Promise<IsParked> => {
  const rows = await sql.query<Place>(
    schemas
      .map((schema) => `select '${schema}' as schema, projection, stream from ${schema}.parked_streams`)
      .join(' union all '),
    [],
  )
  if (rows.length === 0) return () => false
  const parked = new Set(rows.map(({ schema, projection, stream }) => keyOf(schema, projection, stream)))
  return (schema, projection, stream) => parked.has(keyOf(schema, projection, storable(stream)))
}

export const park = async (sql: Sql, schema: string, projection: string, faults: readonly Fault[]): Promise<void> => {
  if (faults.length === 0) return
  await sql.query(
    `insert into ${schema}.parked_streams (projection, stream, log, sequence, revision, event_type, reason, unreadable, merchant_id)
     select $1::text, * from unnest(
       $2::text[], $3::smallint[], $4::bigint[], $5::integer[], $6::text[], $7::text[], $8::boolean[], $9::text[]
     )
     on conflict do nothing`,
    [
      projection,
      faults.map(({ event }) => storable(event.stream)),
      faults.map(({ event }) => event.log),
      faults.map(({ event }) => event.sequence),
      faults.map(({ event }) => event.revision),
      faults.map(({ event }) => storable(event.type)),
      faults.map(({ reason }) => storable(reason).slice(0, longestReason)),
      faults.map(({ event }) => isUnread(event)),
      faults.map(({ event }) => merchantOf(event) ?? null),
    ],
  )
}

/** A stream that a projection follows no more, and the event of it that it was parked at. */
export type ParkedStream = {
  readonly schema: string
  readonly projection: string
  readonly stream: string
  readonly log: number
  readonly sequence: number
  /** Undefined for what was parked before this was kept. */
  readonly revision: number | undefined
}

type Row = Omit<ParkedStream, 'sequence' | 'revision'> & { readonly sequence: bigint; readonly revision: number | null }

/** Streams of a schema that were parked because they could not be read, at most `limit` in order after `after`. */
export const readUnreadable = async (
  sql: Sql,
  schema: string,
  after: Pick<ParkedStream, 'projection' | 'stream'> | undefined,
  limit: number,
): Promise<readonly ParkedStream[]> => {
  const rows = await sql.query<Row>(
    `select '${schema}' as schema, projection, stream, log, sequence, revision from ${schema}.parked_streams
     where unreadable and (projection, stream) > ($1::text, $2::text) order by projection, stream limit $3`,
    [after?.projection ?? '', after?.stream ?? '', limit],
  )
  return rows.map(({ sequence, revision, ...row }) => ({
    ...row,
    sequence: Number(sequence),
    revision: revision ?? undefined,
  }))
}

/** Lets a projection follow a stream again; false where somebody else has, or it was parked elsewhere since. */
export const unpark = async (sql: Sql, parked: ParkedStream): Promise<boolean> => {
  const { schema, projection, stream, log, sequence } = parked
  const gone = await sql.query(
    `delete from ${schema}.parked_streams
     where projection = $1 and stream = $2 and log = $3 and sequence = $4 returning stream`,
    [projection, stream, log, sequence],
  )
  return gone.length > 0
}
