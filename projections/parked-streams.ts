import type { RecordedEvent } from '../domain/event.ts'
import type { Sql } from './read-model-store.ts'

/** An event that a projection cannot apply, and why. Its stream is not followed any further. */
export type Fault = { readonly event: RecordedEvent; readonly reason: string }

type Parked = { readonly schema: string; readonly projection: string; readonly stream: string }

const longestReason = 1_000

/** PostgreSQL's text cannot hold NUL, and whatever is parked may hold anything. */
const storable = (text: string): string => text.replaceAll('\u0000', '\ufffd')

const keyOf = (schema: string, projection: string, stream: string): string => `${schema} ${projection} ${stream}`

/** Tells whether a projection follows a stream no more. */
export type IsParked = (schema: string, projection: string, stream: string) => boolean

export const readParked = async (sql: Sql, schemas: readonly string[]): Promise<IsParked> => {
  const rows = await sql.query<Parked>(
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
    `insert into ${schema}.parked_streams (projection, stream, log, sequence, event_type, reason)
     select $1::text, * from unnest($2::text[], $3::smallint[], $4::bigint[], $5::text[], $6::text[])
     on conflict do nothing`,
    [
      projection,
      faults.map(({ event }) => storable(event.stream)),
      faults.map(({ event }) => event.log),
      faults.map(({ event }) => event.sequence),
      faults.map(({ event }) => storable(event.type)),
      faults.map(({ reason }) => storable(reason).slice(0, longestReason)),
    ],
  )
}
