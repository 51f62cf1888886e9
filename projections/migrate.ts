import { bookkeeping as copiesBookkeeping } from './copies/read-copies.ts'
import { schemaOfCopy } from './copies/copy.ts'
import { bookkeeping as differencesBookkeeping } from './differences.ts'
import { lockMaintenance } from './maintenance-lock.ts'
import { type Migration, readMigrations } from './migrations.ts'
import type { ReadModelServer, Sql } from './read-model-store.ts'
import { type HeldShards, heldShards, shardFault } from './shard-places.ts'

/** The tables cannot be brought to what this program needs; the message says why. */
export class MigrationError extends Error {
  override name = 'MigrationError'
}

const bookkeeping = `
  create schema if not exists daybook;
  create table if not exists daybook.schema_migrations (
    schema     text not null,
    number     integer not null,
    name       text not null,
    applied_at timestamptz not null default now(),
    primary key (schema, number)
  );
  create table if not exists daybook.shards (count integer not null);
  ${copiesBookkeeping}
  ${differencesBookkeeping}`

/** Notes how many shards there are, the first time. Throws `MigrationError` where the server has others than it should. */
const claimShards = async (sql: Sql, { shards, shardCount }: ReadModelServer): Promise<void> => {
  const [found] = await sql.query<HeldShards>(heldShards, [])
  const fault = shardFault([{ shards, found }], shardCount)
  if (fault !== undefined) throw new MigrationError(fault)
  if (found?.count === null) await sql.query('insert into daybook.shards (count) values ($1)', [shardCount])
}

type Done = { readonly schema: string; readonly number: number; readonly name: string }

const readDone = (sql: Sql): Promise<readonly Done[]> =>
  sql.query<Done>('select schema, number, name from daybook.schema_migrations', [])

/** The schemas of the copies beside those that are the shards' own. */
const copiesOf = async (sql: Sql, shards: readonly string[]): Promise<readonly string[]> => {
  const copies = await sql.query<{ projection: string; shard: string; number: number }>(
    'select projection, shard, number from daybook.copies where shard = any($1::text[]) and number > 1',
    [shards],
  )
  return copies.map(({ projection, shard, number }) => schemaOfCopy(projection, shard, number))
}

/** The last migration that a schema has had; 0 for none. */
const lastOf = (done: readonly Done[], schema: string): number =>
  Math.max(0, ...done.filter((each) => each.schema === schema).map(({ number }) => number))

/** Tables that came about in another way are not the ones that this program reads and writes. */
const assertSameWay = (done: readonly Done[], migrations: readonly Migration[]): void => {
  const names = new Map(migrations.map(({ number, name }) => [number, name]))
  const other = done.find(({ number, name }) => names.has(number) && names.get(number) !== name)
  if (other !== undefined)
    throw new MigrationError(
      `the tables of ${other.schema} were made by another version of this program: stop it and delete the folder "postgres" in the data folder, and they are made again from the log`,
    )
}

/** Brings one schema to the last migration; its tables stay in the search path until the transaction ends. */
export const migrateSchema = async (sql: Sql, schema: string, migrations: readonly Migration[]): Promise<void> => {
  await lockMaintenance(sql)
  const done = lastOf(await readDone(sql), schema)
  await sql.query(`create schema if not exists ${schema}; set local search_path to ${schema}`)
  for (const { number, name, sql: text } of migrations.filter((migration) => migration.number > done)) {
    await sql.query(text)
    await sql.query('insert into daybook.schema_migrations (schema, number, name) values ($1, $2, $3)', [
      schema,
      number,
      name,
    ])
  }
}

/**
 * Brings the tables of all shards on a server, and of all copies, to what this program needs; each migration runs once in
 * each schema, whoever else is doing the same. Returns how many schemas had something to do. Throws `MigrationError` when the data is
 * of other shards, of a newer program or of one with other migrations.
 */
export const migrate = async (server: ReadModelServer): Promise<number> => {
  const migrations = await readMigrations()
  const newest = migrations.at(-1)?.number ?? 0
  const { done, schemas } = await server.transaction(async (sql) => {
    await lockMaintenance(sql)
    await sql.query(bookkeeping)
    await claimShards(sql, server)
    return { done: await readDone(sql), schemas: [...server.shards, ...(await copiesOf(sql, server.shards))] }
  })
  const ahead = schemas.find((schema) => lastOf(done, schema) > newest)
  if (ahead !== undefined) throw new MigrationError(`${ahead} was made by a newer version of this program`)
  assertSameWay(done, migrations)
  const behind = schemas.filter((schema) => lastOf(done, schema) < newest)
  for (const schema of behind) await server.transaction((sql) => migrateSchema(sql, schema, migrations))
  return behind.length
}
