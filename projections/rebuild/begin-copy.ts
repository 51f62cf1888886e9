import type { Target } from '../copies/target.ts'
import { makeCursors } from '../cursors.ts'
import type { EventFeed } from '../event-feed.ts'
import { lockMaintenance } from '../maintenance-lock.ts'
import { migrateSchema } from '../migrate.ts'
import { readMigrations } from '../migrations.ts'
import type { ReadModelServer, Sql } from '../read-model-store.ts'

type Index = { readonly name: string; readonly definition: string }

/** The indexes of tables that are not for a constraint; what is written in any order is written faster without them. */
const secondaryIndexes = (sql: Sql, schema: string, tables: readonly string[]): Promise<readonly Index[]> =>
  sql.query<Index>(
    `select indexrelid::regclass::text as name, replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') as definition
     from pg_index
     join pg_class on pg_class.oid = indrelid
     join pg_namespace on pg_namespace.oid = relnamespace
     where nspname = $1 and relname = any($2::text[])
       and not exists (select from pg_constraint where conindid = indexrelid)
     order by 1`,
    [schema, tables],
  )

/** Makes the tables of a copy as the projection's version has them, empty and without secondary indexes; once. */
export const beginCopy = async (
  server: ReadModelServer,
  { shard, schema, projection }: Target,
  number: number,
  feed: Pick<EventFeed, 'logs' | 'parts'>,
): Promise<void> => {
  const { name, version, tables, changes } = projection
  const migrations = await readMigrations()
  await server.transaction(async (sql) => {
    await lockMaintenance(sql)
    await sql.query(
      `insert into daybook.copies (projection, shard, number, version, state) select $1, $2, 1, 1, 'caughtUp'
       where not exists (select from daybook.copies where projection = $1 and shard = $2)`,
      [name, shard],
    )
    const made = await sql.query(
      `insert into daybook.copies (projection, shard, number, version, state) values ($1, $2, $3, $4, 'building')
       on conflict (projection, shard, number) do update set state = 'building' where copies.state = 'stopped'
       returning (xmax = 0) as made`,
      [name, shard, number, version],
    )
    if (!made.some((row) => (row as { made: boolean }).made)) return
    await migrateSchema(sql, schema, migrations)
    if (changes !== undefined) await sql.query(changes)
    const indexes = await secondaryIndexes(sql, schema, tables)
    for (const index of indexes) await sql.query(`drop index ${index.name}`)
    await sql.query('update daybook.copies set indexes = $4 where projection = $1 and shard = $2 and number = $3', [
      name,
      shard,
      number,
      indexes.map(({ definition }) => definition),
    ])
    await makeCursors(sql, [{ schema, projection }], feed)
  })
}
