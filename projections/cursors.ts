import type { EventFeed, PartName, SeenPart } from './event-feed.ts'
import { type Sql, StoreUnavailable } from './read-model-store.ts'

/** Where one projection of one shard stands in a part: it has seen it up to this sequence. */
export type Cursor = PartName & { readonly schema: string; readonly projection: string; readonly sequence: number }

type Row = PartName & { readonly schema: string; readonly projection: string; readonly sequence: bigint }

const inAll = (schemas: readonly string[], statement: (schema: string) => string): string =>
  schemas.map((schema) => `"${schema}" as (${statement(schema)})`).join(', ')

const ofAll = (schemas: readonly string[], statement: (schema: string) => string): string =>
  schemas.map(statement).join(' union all ')

/**
 * Makes the cursors that are not there yet, at the beginning of each part. Throws `StoreUnavailable` where they were made
 * for another number of parts: an event would be looked for in a part that has not seen it.
 */
export const makeCursors = async (
  sql: Sql,
  schemas: readonly string[],
  projections: readonly string[],
  { logs, parts }: Pick<EventFeed, 'logs' | 'parts'>,
): Promise<void> => {
  const [made] = await sql.query<{ parts: number }>(
    `select coalesce(max(part) + 1, 0)::integer as parts from (${ofAll(schemas, (schema) => `select part from ${schema}.cursors`)}) cursors`,
    [],
  )
  if (made !== undefined && made.parts > 0 && made.parts !== parts)
    throw new StoreUnavailable(
      `the read models follow a feed of ${made.parts} parts and cannot go on with one of ${parts}: use the feed they were made with, or drop them and they are made again from the log`,
    )
  for (const schema of schemas)
    await sql.query(
      `insert into ${schema}.cursors (projection, log, part, sequence)
       select projection, log, part, 0
       from unnest($1::text[]) as projection, generate_series(0, $2::integer - 1) as log, generate_series(0, $3::integer - 1) as part
       on conflict do nothing`,
      [projections, logs, parts],
    )
}

/** How far each part has been seen by the projection and shard that have seen the least of it. */
export const seenParts = async (
  sql: Sql,
  schemas: readonly string[],
  projections: readonly string[],
): Promise<readonly SeenPart[]> => {
  const rows = await sql.query<PartName & { readonly sequence: bigint; readonly offset: bigint | null }>(
    `select log, part, min(sequence) as sequence, case when bool_and(feed_offset is not null) then min(feed_offset) end as offset
     from (${ofAll(schemas, (schema) => `select * from ${schema}.cursors where projection = any($1::text[])`)}) cursors
     group by log, part`,
    [projections],
  )
  return rows.map(({ log, part, sequence, offset }) => ({
    log,
    part,
    sequence: Number(sequence),
    ...(offset === null ? {} : { offset: Number(offset) }),
  }))
}

const logsOf = (parts: readonly PartName[]): readonly number[] => parts.map(({ log }) => log)
const partsOf = (parts: readonly PartName[]): readonly number[] => parts.map(({ part }) => part)

/** Reads the cursors of these parts and keeps everybody else from moving them until the transaction ends. */
export const lockCursors = async (
  sql: Sql,
  schemas: readonly string[],
  projections: readonly string[],
  parts: readonly PartName[],
): Promise<readonly Cursor[]> => {
  const rows = await sql.query<Row>(
    `with ${inAll(
      schemas,
      (schema) => `select projection, log, part, sequence from ${schema}.cursors
        where projection = any($1::text[]) and (log, part) in (select * from unnest($2::smallint[], $3::smallint[]))
        order by projection, log, part for update`,
    )}
     ${ofAll(schemas, (schema) => `select '${schema}' as schema, projection, log, part, sequence from "${schema}"`)}`,
    [projections, logsOf(parts), partsOf(parts)],
  )
  return rows.map((row) => ({ ...row, sequence: Number(row.sequence) }))
}

/**
 * Moves all cursors of these parts on, also those of shards that had no event on the way; where a log stands still, to the
 * feed's place after what said so.
 */
export const moveCursors = async (
  sql: Sql,
  schemas: readonly string[],
  projections: readonly string[],
  reached: readonly SeenPart[],
): Promise<void> => {
  await sql.query(
    `with seen as (select * from unnest($2::smallint[], $3::smallint[], $4::bigint[], $5::bigint[]) as seen (log, part, sequence, feed_offset)),
     ${inAll(
       schemas,
       (schema) => `update ${schema}.cursors as cursor
         set sequence = seen.sequence, feed_offset = coalesce(seen.feed_offset, cursor.feed_offset), updated_at = now() from seen
         where cursor.projection = any($1::text[]) and cursor.log = seen.log and cursor.part = seen.part
           and (cursor.sequence, coalesce(cursor.feed_offset, -1)) < (seen.sequence, coalesce(seen.feed_offset, -1))`,
     )}
     select 1`,
    [
      projections,
      logsOf(reached),
      partsOf(reached),
      reached.map(({ sequence }) => sequence),
      reached.map(({ offset }) => offset ?? null),
    ],
  )
}
