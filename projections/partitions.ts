import { boundsOf, type Month, monthAfter } from './month.ts'
import { lockMaintenance } from './maintenance-lock.ts'
import type { ReadModelServer, Sql } from './read-model-store.ts'

const partitioned = ['payments', 'journal'] as const

/** Makes the monthly partitions of the tables that have some. */
export type Partitions = {
  /** Makes those of the given months that are not there yet, by schema. */
  ensure(months: ReadonlyMap<string, ReadonlySet<Month>>): Promise<void>
  /** Makes those of this month and of the next two, in all schemas. */
  ahead(now: Date): Promise<void>
  /** Forgets what is there, to look again. */
  forget(): void
}

type Partition = { readonly schema: string; readonly month: Month }

const keyOf = ({ schema, month }: Partition): string => `${schema} ${month}`

const nameOf = (table: string, month: Month): string => `${table}_${month.replace('-', '_')}`

const existing = async (sql: Sql, schemas: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await sql.query<{ schema: string; name: string }>(
    `select namespace.nspname as schema, child.relname as name
     from pg_inherits
     join pg_class child on child.oid = pg_inherits.inhrelid
     join pg_namespace namespace on namespace.oid = child.relnamespace
     where child.relkind = 'r' and namespace.nspname = any($1::text[])`,
    [schemas],
  )
  return new Set(rows.map(({ schema, name }) => `${schema}.${name}`))
}

/** Attached rather than created in place: that would wait for all who read the table, and all others for it. */
const statements = ({ schema, month }: Partition, there: ReadonlySet<string>): string[] => {
  const [from, to] = boundsOf(month)
  return partitioned
    .map((table) => [`${schema}.${table}`, `${schema}.${nameOf(table, month)}`] as const)
    .filter(([, partition]) => !there.has(partition))
    .map(
      ([table, partition]) =>
        `create table ${partition} (like ${table} including all);
         alter table ${table} attach partition ${partition} for values from ('${from}') to ('${to}');`,
    )
}

export const partitionsOf = (server: ReadModelServer): Partitions => {
  const known = new Set<string>()

  const make = async (wanted: readonly Partition[]): Promise<void> => {
    const missing = wanted.filter((partition) => !known.has(keyOf(partition)))
    if (missing.length === 0) return
    await server.transaction(async (sql) => {
      await lockMaintenance(sql)
      const there = await existing(sql, [...new Set(missing.map(({ schema }) => schema))])
      const text = missing.flatMap((partition) => statements(partition, there)).join('\n')
      if (text !== '') await sql.query(text)
    })
    for (const partition of missing) known.add(keyOf(partition))
  }

  return {
    ensure: (months) => make([...months].flatMap(([schema, of]) => [...of].map((month) => ({ schema, month })))),
    ahead: (now) => {
      const months = [0, 1, 2].map((after) => monthAfter(now, after))
      return make(server.shards.flatMap((schema) => months.map((month) => ({ schema, month }))))
    },
    forget: () => known.clear(),
  }
}
