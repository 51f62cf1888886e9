import type { WorkList } from '../../command-side/work-list.ts'
import { readNewest, type ShardServers } from './shard-servers.ts'
import { schemas } from './shards.ts'

type Row = { readonly id: string; readonly merchantId: string; readonly micros: bigint }

const resourceId = (prefix: string, uuid: string): string => `${prefix}_${uuid.replaceAll('-', '')}`

/** What is left to do in all shards, through connections that read. Rejects when a server can't answer in time. */
export const workList = (servers: ShardServers): WorkList => {
  /** The first rows over all shards, given how one shard finds its own. */
  const first = async (
    projection: string,
    select: (schema: string) => string,
    time: string,
    limit: number,
  ): Promise<readonly Row[]> => {
    const statement = (here: readonly string[]): string => {
      const shards = here.map((schema) => `(${select(schema)} order by time limit $2)`).join(' union all ')
      return `
        select id, "merchantId", (extract(epoch from time) * 1000000)::bigint as micros
        from (${shards}) shards order by time limit $2`
    }
    const rows = await readNewest<Row>(servers, projection, schemas(servers.shardCount), statement, [time, limit])
    return rows.toSorted((one, other) => Number(one.micros - other.micros)).slice(0, limit)
  }

  return {
    unresolvedPayments: async (olderThan, limit) => {
      const select = (schema: string): string =>
        `select id, merchant_id as "merchantId", unresolved_since as time from ${schema}.payments where unresolved_since < $1`
      return (await first('payments', select, olderThan, limit)).map(({ id }) => resourceId('pay', id))
    },
    expiredPayments: async (now, limit) => {
      const select = (schema: string): string =>
        `select id, merchant_id as "merchantId", expires_at as time from ${schema}.payments where expires_at <= $1`
      return (await first('payments', select, now, limit)).map(({ id }) => resourceId('pay', id))
    },
    openPayouts: async (olderThan, limit) => {
      const select = (schema: string): string =>
        `select payout_id as id, merchant_id as "merchantId", since as time from ${schema}.open_payouts where since < $1 and waiting > 0`
      const rows = await first('payouts', select, olderThan, limit)
      return rows.map(({ id, merchantId }) => ({ payoutId: resourceId('po', id), merchantId }))
    },
  }
}
