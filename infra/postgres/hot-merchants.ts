import type { QueryShards } from '../../query-side/shards.ts'
import type { HotMerchants } from '../cache/warm-up.ts'

/** The newest two days of a shard's totals: the newest one alone is nearly empty after midnight. */
const hotIn = (schema: string): string => `
  select merchant_id as id, sum(authorized_count + captured_count + refunded_count) as activity
  from ${schema}.merchant_daily_totals
  where day >= (select max(day) - 1 from ${schema}.merchant_daily_totals)
  group by merchant_id`

/** The merchants with the most payments on the newest days of the read models. Rejects as the query does. */
export const hotMerchants =
  ({ all, query }: Pick<QueryShards, 'all' | 'query'>): HotMerchants =>
  async (limit) => {
    const shards = all.map((schema) => `(${hotIn(schema)} order by activity desc limit $1)`).join(' union all ')
    const text = `select id from (${shards}) shards order by activity desc, id limit $1`
    return (await query<{ readonly id: string }>(text, [limit])).map(({ id }) => id)
  }
