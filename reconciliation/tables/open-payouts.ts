import type { Kind } from '../../domain/repair/difference.ts'
import type { Sql } from '../../projections/read-model-store.ts'
import type { LiveShard } from './live-schemas.ts'

/** What has reserved or released a payout. An index has these alone. */
const steps = `kind in ('PayoutReserved', 'PayoutReleased') and transaction_id ~ '^po_[0-9a-f]{32}$'`
const idOf = `substr(transaction_id, 4)::uuid`
const named = (parameter: string): string => `'po_' || replace(${parameter}::uuid::text, '-', '')`

/**
 * SQL of the payouts from $1 to $2 that wait, by the journal and the payouts' rows: reservations less releases, less what was sent and has
 * not come back. `since` is the last of what opened it; the order in which parts of a log come may leave it at `or_since`.
 */
const wanted = ({ journal, payouts }: LiveShard['schemas']): string => `
  select id as payout_id, coalesce(step.merchant_id, payout.merchant_id) as merchant_id,
    coalesce(greatest(step.at, payout.at), payout.updated_at) as since, coalesce(step.at, payout.updated_at) as or_since,
    coalesce(step.waiting, 0) - coalesce(payout.done, 0) as waiting
  from (
    select ${idOf} as id, min(merchant_id) as merchant_id,
      max(recorded_at) filter (where kind = 'PayoutReserved') as at,
      sum(case kind when 'PayoutReserved' then 1 else -1 end) as waiting
    from ${journal}.journal
    where ${steps} and transaction_id >= ${named('$1')} and transaction_id <= ${named('$2')}
    group by 1
  ) step
  full join (
    select id, merchant_id, updated_at, (status in ('sent', 'settled'))::integer as done,
      case when status in ('failed', 'returned') then updated_at end as at
    from ${payouts}.payouts where id between $1::uuid and $2::uuid
  ) payout using (id)
  where coalesce(step.waiting, 0) <> coalesce(payout.done, 0)`

/** Whether payouts and their merchants come in one order. */
const isOneOrder = ({ payouts }: LiveShard['schemas']): string =>
  `(select count(*) = 1 from ${payouts}.cursors where projection = 'payouts')`

/** The last of the next payouts after one, waiting or not, at most so many; undefined where there are none. Ids are UUIDs. */
export const lastOfNext = async (
  sql: Sql,
  { schemas: { journal, payouts } }: LiveShard,
  after: string,
  limit: number,
): Promise<string | undefined> => {
  const [row] = await sql.query<{ id: string | null }>(
    `select (array_agg(id order by id desc))[1] as id from (
       select id from (
         (select id from ${payouts}.payouts where id > $1::uuid order by id limit ${limit})
         union (select payout_id from ${payouts}.open_payouts where payout_id > $1::uuid order by payout_id limit ${limit})
         union (select ${idOf} from ${journal}.journal where ${steps} and transaction_id > ${named('$1')}
           order by transaction_id limit ${limit})
       ) known order by id limit ${limit}
     ) next`,
    [after],
  )
  return row?.id ?? undefined
}

/** An open payout that is not as it should be. */
export type WrongPayout = { readonly id: string; readonly kind: Kind }

/** What differs of the payouts from one to another. */
export const wrongOpenPayouts = (
  sql: Sql,
  { schemas }: LiveShard,
  from: string,
  upTo: string,
): Promise<readonly WrongPayout[]> =>
  sql.query<WrongPayout>(
    `select replace(payout_id::text, '-', '') as id,
       case when found.waiting is null then 'lost' when wanted.waiting is null then 'ahead' else 'altered' end as kind
     from (select * from ${schemas.payouts}.open_payouts where payout_id between $1::uuid and $2::uuid) found
     full join (${wanted(schemas)}) wanted using (payout_id)
     where found.merchant_id is distinct from wanted.merchant_id or found.waiting is distinct from wanted.waiting
       or wanted.waiting > 0 and found.since <> wanted.since and (found.since <> wanted.or_since or ${isOneOrder(schemas)})
     order by 1`,
    [from, upTo],
  )

/** Makes the row of a payout again, or none where it does not wait. */
export const rewriteOpenPayout = async (sql: Sql, { schemas }: LiveShard, id: string): Promise<void> => {
  const table = `${schemas.payouts}.open_payouts`
  await sql.query(`delete from ${table} where payout_id = $1::uuid`, [id])
  await sql.query(
    `insert into ${table} (payout_id, merchant_id, since, waiting)
     select payout_id, merchant_id, since, waiting from (${wanted(schemas)}) wanted `,
    [id, id],
  )
}
