import { sumSizes } from '../../domain/period.ts'
import type { Sql } from '../../projections/read-model-store.ts'
import type { LiveShard } from './live-schemas.ts'

/** What a merchant's balances should be by the sums of its periods, which another projection makes of the same events. */
const byPeriods = (schema: string): string => `
  select merchant_id, account, currency, layer, sum(debit)::bigint as debit, sum(credit)::bigint as credit
  from ${schema}.period_balances where size = $1 and merchant_id <> '' group by 1, 2, 3, 4`

/** The same by the journal. */
const byJournal = (schema: string): string => `
  select merchant_id, account, currency, layer,
    sum(case when amount > 0 then amount else 0 end)::bigint as debit,
    sum(case when amount < 0 then -amount else 0 end)::bigint as credit
  from ${schema}.postings where merchant_id = any($2::text[]) group by 1, 2, 3, 4`

const differing = (schema: string, sums: string, condition: string): string => `
  select distinct merchant_id as id
  from (select merchant_id, account, currency, layer, debit, credit from ${schema}.account_balances ${condition}) balance
  full join (${sums}) summed using (merchant_id, account, currency, layer)
  where coalesce(balance.debit, 0) <> coalesce(summed.debit, 0)
    or coalesce(balance.credit, 0) <> coalesce(summed.credit, 0)
  order by 1 limit 1000`

const size = (stride: number): number => sumSizes(stride).at(-1) ?? 1

/** Whether both projections of a shard have applied the same events, as of the snapshot. */
const areLevel = async (sql: Sql, { schemas: { journal, periods } }: LiveShard): Promise<boolean> => {
  const [row] = await sql.query<{ level: boolean }>(
    `select not exists (
         (select log, part, sequence from ${journal}.cursors where projection = 'journal'
          except select log, part, sequence from ${periods}.cursors where projection = 'periods')
         union all
         (select log, part, sequence from ${periods}.cursors where projection = 'periods'
          except select log, part, sequence from ${journal}.cursors where projection = 'journal')
       )
       and not exists (select from ${journal}.parked_streams where projection = 'journal')
       and not exists (select from ${periods}.parked_streams where projection = 'periods') as level`,
    [],
  )
  return row?.level === true
}

/**
 * The merchants of a shard whose balances are not what their journal says, nor what their periods say; at most a thousand.
 * None where the projections have not applied the same events.
 */
export const wrongBalances = async (sql: Sql, live: LiveShard, stride: number): Promise<readonly string[]> => {
  const { journal, periods } = live.schemas
  if (!(await areLevel(sql, live))) return []
  const suspects = await sql.query<{ id: string }>(differing(journal, byPeriods(periods), ''), [size(stride)])
  if (suspects.length === 0) return []
  const ids = suspects.map(({ id }) => id)
  const where = 'where merchant_id = any($2::text[]) and $1::bigint > 0'
  return (await sql.query<{ id: string }>(differing(journal, byJournal(journal), where), [size(stride), ids])).map(
    ({ id }) => id,
  )
}

/** Makes a merchant's balances again from its periods; false where the projections have not applied the same events. */
export const rewriteBalances = async (
  sql: Sql,
  live: LiveShard,
  merchantId: string,
  stride: number,
): Promise<boolean> => {
  const { journal, periods } = live.schemas
  if (!(await areLevel(sql, live))) return false
  await sql.query(`delete from ${journal}.account_balances where merchant_id = $1`, [merchantId])
  await sql.query(
    `insert into ${journal}.account_balances (merchant_id, account, currency, layer, debit, credit)
     select * from (${byPeriods(periods)}) summed where merchant_id = $2`,
    [size(stride), merchantId],
  )
  return true
}
