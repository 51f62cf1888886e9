import { createHash } from 'node:crypto'
import { lowest, type Position, positionAt, reached } from '../domain/position.ts'
import { comparing, type Order, orderBy } from './order.ts'
import type { Projection, QueryShards, Statement } from './shards.ts'
import type { Where } from './where.ts'

/**
 * Rows, and the position up to which the projection had come in the very snapshot that they were read in; the lowest of
 * the servers that hold them.
 */
export type Snapshot<Row> = { readonly position: Position; readonly rows: readonly Row[] }

export type Selection<Row> = {
  /** For a statement that is asked for often and has few texts. */
  readonly prepared?: boolean
  readonly projection: Projection
  readonly schemas: readonly string[]
  /** The select of one shard without order and limit, given the schema and the condition. */
  readonly select: (schema: string, where: string) => string
  readonly where: Where
  readonly order?: Order<Row>
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

const nameOf = (text: string): string => createHash('sha1').update(text).digest('base64url')

const statementOf = <Row>(selection: Selection<Row>, schemas: readonly string[]): Statement => {
  const { prepared, projection, select, where, order, limit } = selection
  const ordered = order === undefined ? '' : `order by ${orderBy(order)}`
  // As a number, not as a parameter: PostgreSQL has no good plan for a page of a length that it doesn't know.
  const limitTo = limit === undefined ? '' : `limit ${limit}`
  const shards = schemas.map((schema) => `(${select(schema, where.sql)} ${ordered} ${limitTo})`)
  const rows = shards.length === 1 ? shards[0] : `${shards.join(' union all ')} ${ordered} ${limitTo}`
  const text = `
    select (${cursorOf(schemas, projection)}) as cursor, found.*
    from (select) always left join (select true as found, page.* from (${rows}) page) found on true
    ${ordered}`
  return { text, values: where.values, ...(prepared ? { name: nameOf(text) } : {}) }
}

type Found<Row> = Row & { readonly cursor: Cursor; readonly found: boolean | null }

const positionIn = (rows: readonly { readonly cursor: Cursor }[]): Position => positionOfCursor(rows[0]?.cursor ?? {})

const merge = <Row>(answers: readonly (readonly Row[])[], { order, limit }: Selection<Row>): readonly Row[] => {
  const [only = [], ...more] = answers
  if (more.length === 0) return only
  const rows = answers.flat()
  return (order === undefined ? rows : rows.sort(comparing(order))).slice(0, limit)
}

/**
 * Reads the shards and their cursors, with one statement on each server. Rows that have not come to `wanted` are only
 * taken where there are no newer ones.
 */
export const snapshot = async <Row>(
  shards: QueryShards,
  selection: Selection<Row>,
  wanted?: Position,
): Promise<Snapshot<Row>> => {
  const answers = await shards.ask<Found<Row>>({
    projection: selection.projection,
    schemas: selection.schemas,
    statement: (schemas) => statementOf(selection, schemas),
    ...(wanted === undefined ? {} : { suffices: (rows) => reached(positionIn(rows), wanted) }),
  })
  const found = answers.map((rows) => rows.filter((row) => row.found === true))
  return { position: lowest(answers.map(positionIn)), rows: merge<Row>(found, selection) }
}
