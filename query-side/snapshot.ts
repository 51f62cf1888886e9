import { createHash } from 'node:crypto'
import { type Position, positionAt } from '../domain/position.ts'
import type { QueryShards } from './shards.ts'
import type { Where } from './where.ts'

/** Rows, and the position up to which the projection had come in the very snapshot that they were read in. */
export type Snapshot<Row> = { readonly position: Position; readonly rows: readonly Row[] }

/** The projections that write what is read here, as their cursors name them. */
export type Projection = 'payments' | 'payouts' | 'journal'

export type Selection = {
  /** For a statement that is asked for often and has few texts. */
  readonly prepared?: boolean
  readonly projection: Projection
  readonly schemas: readonly string[]
  /** The select of one shard without order and limit, given the schema and the condition. */
  readonly select: (schema: string, where: string) => string
  readonly where: Where
  readonly order?: string
  readonly limit?: number
}

/** The lowest sequence per log over the shards: {"0": 17}. A shard that has no cursor yet has seen nothing. */
export const cursorOf = (schemas: readonly string[], projection: Projection): string => `
  select coalesce(json_object_agg(log, sequence), '{}')
  from (
    select log, case when count(*) = ${schemas.length} then min(sequence) else 0 end as sequence
    from (
      ${schemas.map((schema) => `select log, sequence from ${schema}.reached where projection = '${projection}'`).join(' union all ')}
    ) each_shard
    group by log
  ) lowest`

export type Cursor = Readonly<Record<string, number>>

/** The position that a row of `cursorOf` stands for. */
export const positionOfCursor = (cursor: Cursor): Position => {
  const logs = Math.max(0, ...Object.keys(cursor).map((log) => Number(log) + 1))
  return positionAt(Array.from({ length: logs }, (_, log) => cursor[log] ?? 0))
}

const statement = ({ projection, schemas, select, where, order, limit }: Selection): string => {
  const orderBy = order === undefined ? '' : `order by ${order}`
  // As a number, not as a parameter: PostgreSQL has no good plan for a page of a length that it doesn't know.
  const limitTo = limit === undefined ? '' : `limit ${limit}`
  const shards = schemas.map((schema) => `(${select(schema, where.sql)} ${orderBy} ${limitTo})`)
  const rows = shards.length === 1 ? shards[0] : `${shards.join(' union all ')} ${orderBy} ${limitTo}`
  return `
    select (${cursorOf(schemas, projection)}) as cursor, found.*
    from (select) always left join (select true as found, page.* from (${rows}) page) found on true
    ${orderBy}`
}

const nameOf = (text: string): string => createHash('sha1').update(text).digest('base64url')

type Found<Row> = Row & { readonly cursor: Cursor; readonly found: boolean | null }

/** Reads the shards and their cursor with one statement. */
export const snapshot = async <Row>(shards: QueryShards, selection: Selection): Promise<Snapshot<Row>> => {
  const { where, prepared } = selection
  const text = statement(selection)
  const rows = await shards.query<Found<Row>>(text, where.values, prepared ? nameOf(text) : undefined)
  return {
    position: positionOfCursor(rows[0]?.cursor ?? {}),
    rows: rows.filter(({ found }) => found === true),
  }
}
