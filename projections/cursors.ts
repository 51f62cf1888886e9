import type { EventFeed, PartName, SeenPart } from './event-feed.ts'
import type { Projection } from './projection.ts'
import type { Sql } from './read-model-store.ts'

/** Where one projection of one shard stands in a part: it has seen it up to this sequence. */
export type Cursor = PartName & { readonly schema: string; readonly projection: string; readonly sequence: number }

type Row = PartName & { readonly schema: string; readonly projection: string; readonly sequence: bigint }

/** Whose cursors: those of a projection in a schema. */
export type CursorsOf = { readonly schema: string; readonly projection: Pick<Projection, 'name'> }

/** The schemas, each with the condition for its projections. */
const bySchema = (targets: readonly CursorsOf[]): readonly (readonly [schema: string, condition: string])[] => {
  const names = new Map<string, string[]>()
  for (const { schema, projection } of targets) names.set(schema, [...(names.get(schema) ?? []), projection.name])
  return [...names].map(([schema, those]) => [schema, `projection in (${those.map((name) => `'${name}'`).join(', ')})`])
}

const inAll = (targets: readonly CursorsOf[], statement: (schema: string, condition: string) => string): string =>
  bySchema(targets)
    .map(([schema, condition]) => `"${schema}" as (${statement(schema, condition)})`)
    .join(', ')

const ofAll = (targets: readonly CursorsOf[], statement: (schema: string, condition: string) => string): string =>
  bySchema(targets)
    .map(([schema, condition]) => statement(schema, condition))
    .join(' union all ')

/** The read models were made with a feed that deals a log out in another way. */
export class OtherFeed extends Error {
  override name = 'OtherFeed'
}

/**
 * Makes the cursors that are not there yet, at the beginning of each part. Throws `OtherFeed` where they were made
 * for another number of parts: an event would be looked for in a part that has not seen it.
 */
export const makeCursors = async (
  sql: Sql,
  targets: readonly CursorsOf[],
  { logs, parts }: Pick<EventFeed, 'logs' | 'parts'>,
): Promise<void> => {
  const [made] = await sql.query<{ parts: number }>(
    `select coalesce(max(part) + 1, 0)::integer as parts from (${ofAll(targets, (schema) => `select part from ${schema}.cursors`)}) cursors`,
    [],
  )
  if (made !== undefined && made.parts > 0 && made.parts !== parts)
    throw new OtherFeed(
      `the read models follow a feed of ${made.parts} parts and cannot go on with one of ${parts}: set KAFKA_PARTITIONS (and FEED; a tail has one part) to what they were made with, or drop them and they are made again from the log`,
    )
  for (const { schema, projection } of targets)
    await sql.query(
      `insert into ${schema}.cursors (projection, log, part, sequence)
       select $1::text, log, part, 0
       from generate_series(0, $2::integer - 1) as log, generate_series(0, $3::integer - 1) as part
       on conflict do nothing`,
      [projection.name, logs, parts],
    )
}

/** How far each part has been seen by the projection and shard that have seen the least of it. */
export const seenParts = async (sql: Sql, targets: readonly CursorsOf[]): Promise<readonly SeenPart[]> => {
  const rows = await sql.query<PartName & { readonly sequence: bigint; readonly offset: bigint | null }>(
    `select log, part, min(sequence) as sequence, case when bool_and(feed_offset is not null) then min(feed_offset) end as offset
     from (${ofAll(targets, (schema, condition) => `select log, part, sequence, feed_offset from ${schema}.cursors where ${condition}`)}) cursors
     group by log, part`,
    [],
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
  targets: readonly CursorsOf[],
  parts: readonly PartName[],
): Promise<readonly Cursor[]> => {
  const rows = await sql.query<Row>(
    `with ${inAll(
      targets,
      (schema, condition) => `select projection, log, part, sequence from ${schema}.cursors
        where ${condition} and (log, part) in (select * from unnest($1::smallint[], $2::smallint[]))
        order by projection, log, part for update`,
    )}
     ${ofAll(targets, (schema) => `select '${schema}' as schema, projection, log, part, sequence from "${schema}"`)}`,
    [logsOf(parts), partsOf(parts)],
  )
  return rows.map((row) => ({ ...row, sequence: Number(row.sequence) }))
}

/**
 * Moves all cursors of these parts on, also those of shards that had no event on the way; where a log stands still, to the
 * feed's place after what said so.
 */
export const moveCursors = async (
  sql: Sql,
  targets: readonly CursorsOf[],
  reached: readonly SeenPart[],
): Promise<void> => {
  await sql.query(
    `with seen as (select * from unnest($1::smallint[], $2::smallint[], $3::bigint[], $4::bigint[]) as seen (log, part, sequence, feed_offset)),
     ${inAll(
       targets,
       (schema, condition) => `update ${schema}.cursors as cursor
         set sequence = seen.sequence, feed_offset = coalesce(seen.feed_offset, cursor.feed_offset), updated_at = now() from seen
         where ${condition} and cursor.log = seen.log and cursor.part = seen.part
           and (cursor.sequence, coalesce(cursor.feed_offset, -1)) < (seen.sequence, coalesce(seen.feed_offset, -1))`,
     )}
     select 1`,
    [
      logsOf(reached),
      partsOf(reached),
      reached.map(({ sequence }) => sequence),
      reached.map(({ offset }) => offset ?? null),
    ],
  )
}
