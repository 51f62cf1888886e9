import type { ReadModelServer, Sql } from '../read-model-store.ts'

/** Which copy of a projection is live in each shard, from shard 0 on. */
export type Pointer = {
  /** Grows by one with each switch. */
  readonly change: number
  readonly numbers: readonly number[]
  /** What was live before, as long as there is a way back. */
  readonly before: readonly number[] | null
  /** How long ago it was changed; 0 where it never was. */
  readonly ageMs: number
}

const readPointer = async (sql: Sql, projection: string): Promise<Pointer | undefined> => {
  const [row] = await sql.query<Pointer>(
    `select change, numbers, before, (extract(epoch from now() - changed_at) * 1000)::float8 as "ageMs"
     from daybook.live_copies where projection = $1`,
    [projection],
  )
  return row
}

/** Writes the pointer unless a later one is there. */
export const writePointer = async (
  sql: Sql,
  projection: string,
  { change, numbers, before }: Omit<Pointer, 'ageMs'>,
): Promise<void> => {
  await sql.query(
    `insert into daybook.live_copies as live (projection, change, numbers, before) values ($1, $2, $3, $4)
     on conflict (projection) do update set
       change = excluded.change, numbers = excluded.numbers, before = excluded.before, changed_at = now()
     where live.change < excluded.change`,
    [projection, change, numbers, before],
  )
}

/** Has all servers say what the one with the latest change says, since a switch may have been cut short. */
export const settle = async (servers: readonly ReadModelServer[], projection: string): Promise<Pointer> => {
  const read = await Promise.all(servers.map((server) => server.transaction((sql) => readPointer(sql, projection))))
  const count = servers[0]?.shardCount ?? 0
  const first: Pointer = { change: 0, numbers: Array.from({ length: count }, () => 1), before: null, ageMs: 0 }
  const latest = read.reduce<Pointer>(
    (best, each) => (each !== undefined && each.change > best.change ? each : best),
    first,
  )
  for (const [index, server] of servers.entries())
    if ((read[index]?.change ?? 0) < latest.change)
      await server.transaction((sql) => writePointer(sql, projection, latest))
  return latest
}
