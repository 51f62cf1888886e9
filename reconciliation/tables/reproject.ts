import { entriesOf } from '../../projections/journal/entry.ts'
import { copyEntries } from '../../projections/journal/copy-entries.ts'
import { insertSettlements } from '../../projections/journal/insert-settlements.ts'
import { monthsIn } from '../../projections/month.ts'
import { partitionsOf } from '../../projections/partitions.ts'
import { copyPayments } from '../../projections/payments/copy-payments.ts'
import { upsertPayouts } from '../../projections/payouts/upsert-payouts.ts'
import { type ReadModelServer, type Sql, StoreUnavailable } from '../../projections/read-model-store.ts'
import { isRead, type LogEvent, merchantOf } from '../../projections/unread.ts'
import { uuidOf } from '../../projections/uuid.ts'
import { type Difference, ofEvents } from '../difference.ts'
import { eventOf } from '../event-of.ts'
import type { Place } from '../place.ts'
import { paymentRowAt, payoutRowAt } from './fold-to.ts'
import { type Compared, type LiveShard, liveShards } from './live-schemas.ts'
import { lockProjection } from './lock-projection.ts'
import { remake } from './remake.ts'
import type { TablesDeps } from './tables-place.ts'

/** What a repair knows within its transaction. */
type Site = {
  readonly sql: Sql
  readonly schema: string
  /** What of the stream, or of the one event, the projection has seen and applied. */
  readonly applied: readonly LogEvent[]
}

/** How rows are made again from the events that they were made from. */
type Rewrite = { readonly projection: Compared; readonly rewrite: (site: Site, of: Difference) => Promise<void> }

const idIn = (stream: string): string => stream.slice(stream.indexOf('-') + 1)

const ofPayments: Rewrite = {
  projection: 'payments',
  rewrite: async ({ sql, schema, applied }, { stream }) => {
    await sql.query(`delete from ${schema}.payments where id = $1::uuid`, [uuidOf(idIn(stream))])
    const row = paymentRowAt(applied, applied.length - 1)
    if (row !== undefined) await copyPayments(sql, schema, [row])
  },
}

const ofPayouts: Rewrite = {
  projection: 'payouts',
  rewrite: async ({ sql, schema, applied }, { stream }) => {
    await sql.query(`delete from ${schema}.payouts where id = $1::uuid`, [uuidOf(idIn(stream))])
    const row = payoutRowAt(applied, applied.length - 1)
    if (row !== undefined) await upsertPayouts(sql, schema, [row])
  },
}

const ofJournal: Rewrite = {
  projection: 'journal',
  rewrite: async ({ sql, schema, applied }, { log, sequence }) => {
    await sql.query(`delete from ${schema}.journal where log = $1 and sequence = $2`, [log, sequence])
    await copyEntries(sql, schema, entriesOf(applied.filter(isRead)))
  },
}

const ofSettlements: Rewrite = {
  projection: 'journal',
  rewrite: async ({ sql, schema, applied }, { log, sequence }) => {
    const events = applied.filter(isRead)
    const ids = events.flatMap(({ data }) => ('settlementId' in data ? [uuidOf(data.settlementId)] : []))
    await sql.query(`delete from ${schema}.settlements where log = $1 and sequence = $2 or id = any($3::uuid[])`, [
      log,
      sequence,
      ids,
    ])
    await insertSettlements(sql, schema, events)
  },
}

const rewriteOf = ({ record }: Difference): Rewrite | undefined => {
  switch (record) {
    case 'journal':
      return ofJournal
    case 'settlement':
      return ofSettlements
    case 'payment':
      return ofPayments
    case 'payout':
      return ofPayouts
    case 'openPayout':
    case 'balances':
    case 'dailyTotals':
    case 'periodTotals':
    case 'periodDailyTotals':
    case 'periodTimes':
    case 'event':
    case 'status':
      return undefined
  }
}

const liveNow = async (sql: Sql, server: ReadModelServer, shard: string): Promise<LiveShard> => {
  const live = (await liveShards(sql, server)).find((each) => each.shard === shard)
  if (live === undefined) throw new RangeError(`the server has no shard ${shard}`)
  return live
}

/**
 * Makes rows again, in the transaction that keeps their projector from moving: what is written is what it has seen. A
 * stream that was parked is made up to there; what is made from other rows, once these are right. Rejects with
 * `StoreUnavailable` only.
 */
export const reprojector = (deps: TablesDeps): Place['repair'] => {
  const { servers, streams, partOf } = deps
  const fromEvents = async (
    server: ReadModelServer,
    { projection, rewrite }: Rewrite,
    difference: Difference,
  ): Promise<void> => {
    const { stream, part: shard } = difference
    const event = ofEvents.includes(difference.record) ? await eventOf(streams, difference) : undefined
    const ofEvent = event === undefined ? [] : [event]
    const events = ofEvents.includes(difference.record) ? ofEvent : await streams.streamFrom(stream, 0)
    // A row of a merchant that belongs elsewhere is nobody's here.
    const own = events.filter((each) => server.shardOf(merchantOf(each) ?? '') === shard)
    const { schemas } = await server.transaction((sql) => liveNow(sql, server, shard))
    await partitionsOf(server).ensure(new Map([[schemas[projection], monthsIn(own)]]))
    await server.transaction(async (sql) => {
      const schema = (await liveNow(sql, server, shard)).schemas[projection]
      const applied = await lockProjection(sql, schema, projection, own, partOf)
      await rewrite({ sql, schema, applied }, difference)
    })
  }
  return async (difference, wrong) => {
    const server = servers.find(({ shards }) => shards.includes(difference.part))
    if (server === undefined) return 'notNeeded'
    const rewrite = rewriteOf(difference)
    try {
      if (rewrite !== undefined) {
        await fromEvents(server, rewrite, difference)
        return 'made'
      }
      return await server.transaction(async (sql) => {
        const live = await liveNow(sql, server, difference.part)
        return (await remake({ sql, deps, server, live, wrong }, difference)) ? 'made' : 'failed'
      })
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error
      return 'failed'
    }
  }
}
