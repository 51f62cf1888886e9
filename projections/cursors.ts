import { type Position, positionAt, sequencesIn } from '../domain/position.ts'
import type { Sql } from './read-model-store.ts'

/** Where one projection of one shard stands: it has seen each log up to the sequence given for it. */
export type Cursor = { readonly schema: string; readonly projection: string; readonly position: Position }

type Row = { readonly schema: string; readonly projection: string; readonly log: number; readonly sequence: bigint }

const inAll = (schemas: readonly string[], statement: (schema: string) => string): string =>
  schemas.map((schema) => `"${schema}" as (${statement(schema)})`).join(', ')

const cursorsOf = (rows: readonly Row[]): readonly Cursor[] => {
  const cursors = new Map<string, { schema: string; projection: string; sequences: number[] }>()
  for (const { schema, projection, log, sequence } of rows) {
    const key = `${schema} ${projection}`
    const cursor = cursors.get(key) ?? { schema, projection, sequences: [] }
    cursor.sequences[log] = Number(sequence)
    cursors.set(key, cursor)
  }
  return [...cursors.values()].map(({ schema, projection, sequences }) => ({
    schema,
    projection,
    position: positionAt(Array.from(sequences, (sequence) => sequence ?? 0)),
  }))
}

/** Makes the cursors that are not there yet, at the beginning of each of so many logs. */
export const makeCursors = async (
  sql: Sql,
  schemas: readonly string[],
  projections: readonly string[],
  logs: number,
): Promise<void> => {
  for (const schema of schemas)
    await sql.query(
      `insert into ${schema}.cursors (projection, log, sequence)
       select projection, log, 0 from unnest($1::text[]) as projection, generate_series(0, $2::integer - 1) as log
       on conflict do nothing`,
      [projections, logs],
    )
}

/** Reads the cursors and keeps everybody else from moving them until the transaction ends. */
export const lockCursors = async (
  sql: Sql,
  schemas: readonly string[],
  projections: readonly string[],
): Promise<readonly Cursor[]> =>
  cursorsOf(
    await sql.query<Row>(
      `with ${inAll(schemas, (schema) => `select projection, log, sequence from ${schema}.cursors where projection = any($1::text[]) order by projection, log for update`)}
       ${schemas.map((schema) => `select '${schema}' as schema, projection, log, sequence from "${schema}"`).join(' union all ')}`,
      [projections],
    ),
  )

/** Moves all cursors on to `position`, also those of shards that had no event on the way. */
export const moveCursors = async (
  sql: Sql,
  schemas: readonly string[],
  projections: readonly string[],
  position: Position,
): Promise<void> => {
  const sequences = sequencesIn(position)
  await sql.query(
    `with seen as (select * from unnest($2::smallint[], $3::bigint[]) as seen (log, sequence)),
     ${inAll(
       schemas,
       (schema) => `update ${schema}.cursors as cursor set sequence = seen.sequence, updated_at = now() from seen
         where cursor.projection = any($1::text[]) and cursor.log = seen.log and cursor.sequence < seen.sequence`,
     )}
     select 1`,
    [projections, sequences.map((_, log) => log), sequences],
  )
}
