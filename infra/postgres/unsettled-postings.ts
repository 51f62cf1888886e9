import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import {
  ReadModelBehind,
  type SettlementFilter,
  type UnsettledPostings,
} from '../../command-side/settlements/unsettled.ts'
import type { Unsettled } from '../../domain/merchant/command.ts'
import { type Position, reached } from '../../domain/position.ts'
import { isPassing } from './passing.ts'
import { schemas, shardOf } from './shards.ts'

const shortestPauseMs = 5
const longestPauseMs = 100

/** Where a shard's journal is, as a position. */
const journalPosition = (schema: string): string =>
  `select coalesce(string_agg(sequence::text, '.' order by log), '0') from ${schema}.reached where projection = 'journal'`

/**
 * One shard: for each merchant and currency that ever had anything pending, the postings after its last settlement. A
 * position has one component per log, so they are looked for log by log.
 */
const unsettledIn = (schema: string): string => `
  select
    books.merchant_id as "merchantId", books.currency, sums.gross, sums.refunds, sums.disputes, sums.fees, sums.payments,
    books.settled_to as "from", (${journalPosition(schema)}) as "to"
  from (
    select balance.merchant_id, balance.currency, coalesce((
      select to_position from ${schema}.settlements settlement
      where settlement.merchant_id = balance.merchant_id and settlement.currency = balance.currency
      order by settlement.sequence desc limit 1
    ), '0') as settled_to
    from ${schema}.account_balances balance
    where account = 'merchantPending' and layer = 'posted'
      and ($1::text is null or merchant_id = $1) and ($2::text is null or currency = $2)
  ) books
  cross join lateral (
    select
      count(*) as postings,
      count(distinct posting.transaction_id) as payments,
      coalesce(-sum(amount) filter (where kind = 'PaymentCaptured' and amount < 0), 0)::bigint as gross,
      coalesce(sum(amount) filter (where kind = 'PaymentRefunded'), 0)::bigint as refunds,
      coalesce(sum(amount) filter (where kind in ('PaymentDisputeOpened', 'PaymentDisputeWon')), 0)::bigint as disputes,
      coalesce(sum(amount) filter (where kind = 'PaymentCaptured' and amount > 0), 0)::bigint as fees
    from ${schema}.reached as seen
    join ${schema}.postings posting on posting.log = seen.log
      and posting.sequence > coalesce(nullif(split_part(books.settled_to, '.', seen.log + 1), ''), '0')::bigint
      and posting.sequence <= seen.sequence
    where seen.projection = 'journal'
      and posting.merchant_id = books.merchant_id and posting.currency = books.currency
      and posting.to_settle and posting.account = 'merchantPending' and posting.layer = 'posted'
  ) sums
  where sums.postings > 0`

type Row = Omit<Unsettled, 'payments'> & { readonly payments: bigint }

/** Sums what is unsettled in one snapshot of the read models, through a pool that reads. */
export const unsettledPostings = (pool: pg.Pool, shardCount: number): UnsettledPostings => {
  const reach = async (concerned: readonly string[], atLeast: Position, waitMs: number): Promise<void> => {
    const text = concerned.map((schema) => `select (${journalPosition(schema)}) as position`).join(' union all ')
    const areThere = async (): Promise<boolean> => {
      const { rows } = await pool.query<{ position: Position }>(text)
      return rows.every(({ position }) => reached(position, atLeast))
    }
    const notYet = (error: unknown): false => {
      if (isPassing(error)) return false
      throw error
    }
    const deadline = Date.now() + waitMs
    for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      if (await areThere().catch(notYet)) return
      if (Date.now() >= deadline) throw new ReadModelBehind(`the journal has not reached ${atLeast}`)
      await wait(pauseMs)
    }
  }

  return async ({ merchantId, currency }: SettlementFilter, atLeast, waitMs) => {
    const concerned = merchantId === undefined ? schemas(shardCount) : [shardOf(merchantId, shardCount)]
    await reach(concerned, atLeast, waitMs)
    const text = concerned.map(unsettledIn).join(' union all ')
    const { rows } = await pool.query<Row>(text, [merchantId ?? null, currency ?? null])
    return rows.map((row) => ({ ...row, payments: Number(row.payments) }))
  }
}
