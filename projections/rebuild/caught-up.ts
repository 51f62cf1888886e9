import { schemaOfCopy } from '../copies/copy.ts'
import { type Pair, pairs, standingOf } from '../copies/beside.ts'
import type { ReadModelServer, Sql } from '../read-model-store.ts'
import { CopyBehind, RebuildRefused } from './refused.ts'

/** Throws `RebuildRefused` unless one copy has seen every part at least as far as another: its readers lose nothing. */
export const assertAhead = async (sql: Sql, { beside, live }: Pair): Promise<void> => {
  const { projection, shard, number, state } = beside
  const name = `copy ${number} of ${projection} in ${shard}`
  if (state === 'building') throw new RebuildRefused(`${name} is not built yet: go on with its rebuild`)
  if (state === 'stopped')
    throw new RebuildRefused(`${name} was built up to a position only, and is not followed: go on with its rebuild`)
  const [behind] = await sql.query<{ events: bigint | null }>(
    `select max(live.sequence - coalesce(other.sequence, 0)) as events
     from ${schemaOfCopy(projection, shard, live.number)}.cursors live
     left join ${schemaOfCopy(projection, shard, number)}.cursors other using (projection, log, part)
     where projection = $1`,
    [projection],
  )
  if (behind?.events !== null && behind !== undefined && behind.events > 0n)
    throw new CopyBehind(
      `${name} is ${behind.events} events behind the live one: wait until the projections have brought it up`,
    )
}

/** How far the live one is behind another copy: that was built up to the head, and the projectors are on their way. */
const liveBehind = async (sql: Sql, { beside, live }: Pair): Promise<bigint> => {
  const { projection, shard, number } = beside
  const [behind] = await sql.query<{ events: bigint | null }>(
    `select max(other.sequence - live.sequence) as events
     from ${schemaOfCopy(projection, shard, live.number)}.cursors live
     join ${schemaOfCopy(projection, shard, number)}.cursors other using (projection, log, part)
     where projection = $1`,
    [projection],
  )
  return behind?.events ?? 0n
}

/** Throws as `assertAhead` does, and `CopyBehind` the other way round, for all copies of a projection that are not live. */
export const assertLevel = async (servers: readonly ReadModelServer[], projection: string): Promise<void> => {
  for (const pair of pairs(await standingOf(servers, projection)))
    await pair.server.transaction(async (sql) => {
      await assertAhead(sql, pair)
      const events = await liveBehind(sql, pair)
      if (events > 0n)
        throw new CopyBehind(`the live copy in ${pair.live.shard} is ${events} events behind the other one`)
    })
}
