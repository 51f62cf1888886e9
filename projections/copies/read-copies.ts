import type { Sql } from '../read-model-store.ts'
import { type Copy, firstCopy } from './copy.ts'

/**
 * What a server knows of copies. A projection without rows in `copies` has its first copy alone; one without a row in
 * `live_copies` is read from it. `numbers` has the live copy's number for each of all shards, also those of other servers,
 * and `before` what it was before the last switch as long as there is a way back. Of several servers the one with the
 * highest `change` is right, so that a switch is made with its first row.
 */
export const bookkeeping = `
  create table if not exists daybook.copies (
    projection text not null,
    shard      text not null,
    number     integer not null,
    version    integer not null,
    state      text not null,
    indexes    text[] not null default '{}',
    made_at    timestamptz not null default now(),
    primary key (projection, shard, number)
  );
  create table if not exists daybook.live_copies (
    projection text primary key,
    change     integer not null,
    numbers    integer[] not null,
    before     integer[],
    changed_at timestamptz not null default now()
  );`

/** The copies of these shards that there are rows of, and those of `projections` that there are none of. */
export const readCopies = async (
  sql: Sql,
  shards: readonly string[],
  projections: readonly string[],
): Promise<readonly Copy[]> => {
  const copies = await sql.query<Copy>(
    `select copy.projection, shard, number, version, state,
       coalesce(live.numbers[1 + substring(shard from '\\d+$')::integer], 1) = number as live
     from daybook.copies copy left join daybook.live_copies live using (projection)
     where shard = any($1::text[]) order by projection, shard, number`,
    [shards],
  )
  const known = new Set(copies.map(({ projection, shard }) => `${projection} ${shard}`))
  const first = shards.flatMap((shard) =>
    projections.flatMap((name) => (known.has(`${name} ${shard}`) ? [] : [firstCopy(name, shard)])),
  )
  return [...first, ...copies]
}
