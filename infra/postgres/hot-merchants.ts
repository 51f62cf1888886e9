import type { HotMerchants } from '../cache/warm-up.ts'
import { readNewest, type ShardServers } from './shard-servers.ts'
import { schemas } from './shards.ts'

type Row = { readonly id: string; readonly activity: string }

/** The newest two days of a shard's totals: the newest one alone is nearly empty after midnight. */
const hotIn = (schema: string): string => `
  select merchant_id as id, sum(authorized_count + captured_count + refunded_count) as activity
  from ${schema}.merchant_daily_totals
  where day >= (select max(day) - 1 from ${schema}.merchant_daily_totals)
  group by merchant_id`

/** The merchants with the most payments on the newest days of the read models. Rejects as the query does. */
export const hotMerchants =
  (servers: ShardServers): HotMerchants =>
  async (limit) => {
    const statement = (here: readonly string[]): string => {
      const shards = here.map((schema) => `(${hotIn(schema)} order by activity desc limit $1)`).join(' union all ')
      return `select id, activity from (${shards}) shards order by activity desc, id limit $1`
    }
    const rows = await readNewest<Row>(servers, 'journal', schemas(servers.shardCount), statement, [limit])
    return rows
      .toSorted((one, other) => Number(other.activity) - Number(one.activity))
      .slice(0, limit)
      .map(({ id }) => id)
  }
