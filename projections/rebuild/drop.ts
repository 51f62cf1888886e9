import { setTimeout as wait } from 'node:timers/promises'
import { type Pair, pairs, standingOf } from '../copies/beside.ts'
import { schemaOfCopy } from '../copies/copy.ts'
import { writePointer } from '../copies/pointer.ts'
import { lockMaintenance } from '../maintenance-lock.ts'
import type { Projection } from '../projection.ts'
import type { ReadModelServer, Sql } from '../read-model-store.ts'
import { RebuildRefused } from './refused.ts'

/** Readers look every second which copy is live; one that was paused finds out when its tables are gone. */
const graceMs = 3_000

/** The first copy's tables stay, empty: they are in one schema with other projections', and migrations go on there. */
const empty = async (sql: Sql, shard: string, { name, tables }: Projection): Promise<void> => {
  const partitions = await sql.query<{ partition: string }>(
    `select format('%I.%I', nspname, child.relname) as partition
     from pg_inherits
     join pg_class child on child.oid = inhrelid
     join pg_class parent on parent.oid = inhparent
     join pg_namespace namespace on namespace.oid = parent.relnamespace
     where nspname = $1 and parent.relname = any($2::text[]) and child.relkind = 'r'`,
    [shard, tables],
  )
  for (const { partition } of partitions) await sql.query(`drop table ${partition}`)
  // A later version may have more.
  const there = await sql.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = $1 and tablename = any($2::text[])`,
    [shard, tables],
  )
  if (there.length > 0) await sql.query(`truncate ${there.map(({ name: table }) => table).join(', ')}`)
  await sql.query(`delete from ${shard}.cursors where projection = $1`, [name])
  await sql.query(`delete from ${shard}.parked_streams where projection = $1`, [name])
}

const dropOne = ({ server, beside }: Pair, projection: Projection): Promise<void> =>
  server.transaction(async (sql) => {
    await lockMaintenance(sql)
    const { projection: name, shard, number } = beside
    // Projectors look into it in each of their transactions: none is in the middle of one that writes the copy.
    await sql.query('lock table daybook.copies in access exclusive mode')
    await sql.query('delete from daybook.copies where projection = $1 and shard = $2 and number = $3', [
      name,
      shard,
      number,
    ])
    if (number === 1) return empty(sql, shard, projection)
    const schema = schemaOfCopy(name, shard, number)
    await sql.query(`drop schema ${schema} cascade`)
    await sql.query('delete from daybook.schema_migrations where schema = $1', [schema])
  })

/**
 * Drops the copies that are not live, built or not, and with an old one the way back. Returns how many shards had one.
 * Throws `RebuildRefused` where there is none.
 */
export const dropCopies = async (servers: readonly ReadModelServer[], projection: Projection): Promise<number> => {
  const standing = await standingOf(servers, projection.name)
  const dropped = pairs(standing)
  if (dropped.length === 0) throw new RebuildRefused(`there is no copy of ${projection.name} beside the live one`)
  const { change, numbers, before, ageMs } = standing.pointer
  if (change > 0) await wait(Math.max(0, graceMs - ageMs))
  if (before !== null)
    for (const server of servers)
      await server.transaction((sql) =>
        writePointer(sql, projection.name, { change: change + 1, numbers, before: null }),
      )
  for (const pair of dropped) await dropOne(pair, projection)
  return dropped.length
}
