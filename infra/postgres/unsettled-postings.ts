import { setTimeout as wait } from 'node:timers/promises'
import {
  ReadModelBehind,
  type SettlementFilter,
  type UnsettledPostings,
} from '../../command-side/settlements/unsettled.ts'
import type { Unsettled } from '../../domain/merchant/command.ts'
import { type Position, reached } from '../../domain/position.ts'
import { isPassing } from './passing.ts'
import { readNewest, type ShardServers } from './shard-servers.ts'
import { schemas, shardOf } from './shards.ts'

const shortestPauseMs = 5
const longestPauseMs = 100

/** Where a shard's journal is, as a position. */
const journalPosition = (schema: string): string =>
  `select coalesce(string_agg(sequence::text, '.' order by log), '0') from ${schema}.reached where projection = 'journal'`

/**
 * Up to where a merchant's postings in each log are all in the journal. A stream that was parked because it could not be
 * read will be taken up again: what it brings then must lie beyond any settlement.
 */
const wholeUpTo = (schema: string, merchantId: string): string => `
  select reached.log, least(reached.sequence, min(parked.sequence) - 1) as sequence
  from ${schema}.reached as reached
  left join ${schema}.parked_streams parked on parked.projection = 'journal' and parked.unreadable
    and parked.log = reached.log and parked.merchant_id = ${merchantId}
  where reached.projection = 'journal'
  group by reached.log, reached.sequence`

/**
 * One shard: for each merchant and currency that ever had anything pending, the postings after its last settlement. A
 * position has one component per log, so they are looked for log by log.
 */
const unsettledIn = (schema: string): string => `
  select
    books.merchant_id as "merchantId", books.currency, sums.gross, sums.refunds, sums.disputes, sums.fees, sums.payments,
    books.settled_to as "from", (
      select string_agg(sequence::text, '.' order by log) from (${wholeUpTo(schema, 'books.merchant_id')}) whole
    ) as "to"
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
    from (${wholeUpTo(schema, 'books.merchant_id')}) as seen
    join ${schema}.postings posting on posting.log = seen.log
      and posting.sequence > coalesce(nullif(split_part(books.settled_to, '.', seen.log + 1), ''), '0')::bigint
      and posting.sequence <= seen.sequence
    where posting.merchant_id = books.merchant_id and posting.currency = books.currency
      and posting.to_settle and posting.account = 'merchantPending' and posting.layer = 'posted'
  ) sums
  where sums.postings > 0`

/** The same, and where the journal is in any case. */
const positionAndUnsettled = (schema: string): string => `
  select journal.position, found.*
  from (select (${journalPosition(schema)}) as position) journal left join (${unsettledIn(schema)}) found on true`

type Row = Omit<Unsettled, 'payments'> & { readonly payments: bigint }
type Found = { readonly position: Position } & (Row | { readonly merchantId: null })

const isUnsettled = (found: Found): found is { readonly position: Position } & Row => found.merchantId !== null

const unsettledOf = ({ merchantId, currency, gross, refunds, disputes, fees, payments, from, to }: Row): Unsettled => ({
  merchantId,
  currency,
  gross,
  refunds,
  disputes,
  fees,
  payments: Number(payments),
  from,
  to,
})

/** Sums what is unsettled in one snapshot of each server's read models, through connections that read. */
export const unsettledPostings = (servers: ShardServers): UnsettledPostings => {
  const positions = (here: readonly string[]): string =>
    here.map((schema) => `select (${journalPosition(schema)}) as position`).join(' union all ')

  const reach = async (concerned: readonly string[], atLeast: Position, waitMs: number): Promise<void> => {
    const areThere = async (): Promise<boolean> => {
      const rows = await readNewest<{ readonly position: Position }>(servers, 'journal', concerned, positions, [])
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
    const count = servers.shardCount
    const concerned = merchantId === undefined ? schemas(count) : [shardOf(merchantId, count)]
    await reach(concerned, atLeast, waitMs)
    const rows = await readNewest<Found>(
      servers,
      'journal',
      concerned,
      (here) => here.map(positionAndUnsettled).join(' union all '),
      [merchantId ?? null, currency ?? null],
    )
    // Meanwhile a replica that lacks the last transactions may have taken the primary's place.
    if (!rows.every(({ position }) => reached(position, atLeast)))
      throw new ReadModelBehind(`the journal is not at ${atLeast} any more`)
    return rows.filter(isUnsettled).map(unsettledOf)
  }
}
