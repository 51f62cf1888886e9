import { type Position, positionAt } from '../../domain/position.ts'
import { type Pair, pairs, standingOf } from '../copies/beside.ts'
import { schemaOfCopy } from '../copies/copy.ts'
import type { Projection } from '../projection.ts'
import type { ReadModelServer, Sql } from '../read-model-store.ts'
import { RebuildRefused } from './refused.ts'

/** A column whose values differ, as PostgreSQL writes them, cut short. */
export type DifferentColumn = { readonly name: string; readonly live: string | null; readonly copy: string | null }

/** A row that is not the same in both, by the columns of its key. */
export type Example = {
  readonly shard: string
  readonly key: Readonly<Record<string, string>>
  readonly in: 'live' | 'copy' | 'both'
  /** Those that differ; none where only one has the row. */
  readonly columns: readonly DifferentColumn[]
}

/** What differs in one table, over all shards that have a copy. Only columns that both have are compared. */
export type TableDiff = {
  readonly table: string
  readonly onlyLive: number
  readonly onlyCopy: number
  readonly different: number
  readonly examples: readonly Example[]
  /** Columns that only the copy has, and that only the live one has. */
  readonly newColumns: readonly string[]
  readonly goneColumns: readonly string[]
}

/** Where the two stood in a shard when they were compared. Not at one position, they have reason to differ. */
export type Compared = { readonly shard: string; readonly live: Position; readonly copy: Position }

export type Diff = { readonly compared: readonly Compared[]; readonly tables: readonly TableDiff[] }

const mostExamples = 5
const longestValue = 60

type Columns = { readonly names: readonly string[]; readonly key: readonly string[] }

const columnsOf = async (sql: Sql, schema: string, table: string): Promise<Columns> => {
  const rows = await sql.query<{ name: string; key: number | null }>(
    `select attname as name, array_position(indkey::smallint[], attnum) as key
     from pg_attribute
     join pg_class on pg_class.oid = attrelid
     join pg_namespace on pg_namespace.oid = relnamespace
     left join pg_index on indrelid = attrelid and indisprimary
     where nspname = $1 and relname = $2 and attnum > 0 and not attisdropped
     order by attnum`,
    [schema, table],
  )
  const key = rows.filter((row) => row.key !== null).sort((one, other) => Number(one.key) - Number(other.key))
  return { names: rows.map(({ name }) => name), key: key.map(({ name }) => name) }
}

/** Rows whose keys only one has, or whose columns differ: keys, and the digests of what is compared. */
const differences = (live: string, copy: string, key: readonly string[], compared: readonly string[]): string => {
  const digests = (table: string): string =>
    `select ${key.join(', ')}, md5(row(${compared.join(', ')})::text)::uuid as digest from ${table}`
  return `(${digests(live)}) live full join (${digests(copy)}) copy using (${key.join(', ')})
    where live.digest is distinct from copy.digest`
}

type Counts = { readonly only_live: bigint; readonly only_copy: bigint; readonly different: bigint }
type Texts = Readonly<Record<string, string | null>>

const cut = (text: string | null | undefined): string | null =>
  text === null || text === undefined ? null : text.length <= longestValue ? text : `${text.slice(0, longestValue)}…`

const exampleOf = (shard: string, key: readonly string[], live: Texts | null, copy: Texts | null): Example => {
  const one = live ?? copy ?? {}
  const names = live === null || copy === null ? [] : Object.keys(live).filter((name) => live[name] !== copy[name])
  return {
    shard,
    key: Object.fromEntries(key.map((name) => [name, one[name] ?? ''])),
    in: live === null ? 'copy' : copy === null ? 'live' : 'both',
    columns: names.map((name) => ({ name, live: cut(live?.[name]), copy: cut(copy?.[name]) })),
  }
}

const nothing = (table: string): TableDiff => ({
  table,
  onlyLive: 0,
  onlyCopy: 0,
  different: 0,
  examples: [],
  newColumns: [],
  goneColumns: [],
})

const diffTable = async (sql: Sql, pair: Pair, table: string, room: number): Promise<TableDiff> => {
  const { projection, shard } = pair.live
  const schemas = [pair.live, pair.beside].map(({ number }) => schemaOfCopy(projection, shard, number))
  const [liveSchema = '', copySchema = ''] = schemas
  const live = await columnsOf(sql, liveSchema, table)
  const copy = await columnsOf(sql, copySchema, table)
  if (live.names.length === 0) return { ...nothing(table), newColumns: copy.names }
  const { key } = live
  const both = live.names.filter((name) => copy.names.includes(name))
  const from = differences(`${liveSchema}.${table}`, `${copySchema}.${table}`, key, both)
  const [counts] = await sql.query<Counts>(
    `select count(*) filter (where copy.digest is null) as only_live,
       count(*) filter (where live.digest is null) as only_copy,
       count(*) filter (where live.digest is not null and copy.digest is not null) as different
     from ${from}`,
    [],
  )
  const { only_live = 0n, only_copy = 0n, different = 0n } = counts ?? {}
  const texts = (row: string): string =>
    `(select jsonb_object_agg(name, value) from jsonb_each_text(jsonb_build_object(${both
      .map((name) => `'${name}', ${row}.${name}::text`)
      .join(', ')})) as each (name, value))`
  const matches = (row: string): string => key.map((name) => `${row}.${name} = found.${name}`).join(' and ')
  const found =
    only_live + only_copy + different === 0n || room === 0
      ? []
      : await sql.query<{ live: Texts | null; copy: Texts | null }>(
          `select
             (select ${texts('live')} from ${liveSchema}.${table} live where ${matches('live')}) as live,
             (select ${texts('copy')} from ${copySchema}.${table} copy where ${matches('copy')}) as copy
           from (select ${key.join(', ')} from ${from} order by ${key.join(', ')} limit ${room}) found
           order by ${key.map((name) => `found.${name}`).join(', ')}`,
          [],
        )
  return {
    table,
    onlyLive: Number(only_live),
    onlyCopy: Number(only_copy),
    different: Number(different),
    examples: found.map((row) => exampleOf(shard, key, row.live, row.copy)),
    newColumns: copy.names.filter((name) => !live.names.includes(name)),
    goneColumns: live.names.filter((name) => !copy.names.includes(name)),
  }
}

const positionIn = async (sql: Sql, schema: string, projection: string): Promise<Position> => {
  const rows = await sql.query<{ sequence: bigint }>(
    `select sequence from ${schema}.reached where projection = $1 order by log`,
    [projection],
  )
  return positionAt(rows.map(({ sequence }) => Number(sequence)))
}

const together = (sum: TableDiff, more: TableDiff): TableDiff => ({
  ...sum,
  onlyLive: sum.onlyLive + more.onlyLive,
  onlyCopy: sum.onlyCopy + more.onlyCopy,
  different: sum.different + more.different,
  examples: [...sum.examples, ...more.examples],
})

/**
 * Compares the live copy with the one beside it, shard by shard, each in one snapshot of its server. PostgreSQL joins
 * digests of the rows, so that neither it nor this process has more than a bounded part of them in memory. Throws
 * `RebuildRefused` where there is nothing to compare.
 */
export const diffCopies = async (
  servers: readonly ReadModelServer[],
  { name, tables }: Projection,
  signal: AbortSignal,
): Promise<Diff> => {
  const compared: Compared[] = []
  const sums = new Map<string, TableDiff>()
  const wanted = pairs(await standingOf(servers, name))
  if (wanted.length === 0) throw new RebuildRefused(`there is no copy of ${name} beside the live one`)
  for (const pair of wanted) {
    signal.throwIfAborted()
    await pair.server.transaction(async (sql) => {
      await sql.query("set transaction isolation level repeatable read; set local work_mem = '64MB'")
      const { shard } = pair.live
      const [live, copy] = [
        await positionIn(sql, schemaOfCopy(name, shard, pair.live.number), name),
        await positionIn(sql, schemaOfCopy(name, shard, pair.beside.number), name),
      ]
      compared.push({ shard, live, copy })
      for (const table of tables) {
        const known = sums.get(table)
        const found = await diffTable(sql, pair, table, mostExamples - (known?.examples.length ?? 0))
        sums.set(table, known === undefined ? found : together(known, found))
      }
    })
  }
  return { compared, tables: [...sums.values()] }
}

/** How many rows are not the same in both. */
export const differing = ({ tables }: Diff): number =>
  tables.reduce((sum, { onlyLive, onlyCopy, different }) => sum + onlyLive + onlyCopy + different, 0)
