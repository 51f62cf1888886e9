import type { Outcome } from '../../domain/repair/difference.ts'
import { entriesOf } from '../../projections/journal/entry.ts'
import { copyEntries } from '../../projections/journal/copy-entries.ts'
import { monthsIn } from '../../projections/month.ts'
import { partitionsOf } from '../../projections/partitions.ts'
import { copyPayments } from '../../projections/payments/copy-payments.ts'
import { upsertPayouts } from '../../projections/payouts/upsert-payouts.ts'
import { type ReadModelServer, type Sql, StoreUnavailable } from '../../projections/read-model-store.ts'
import { isRead, type LogEvent, merchantOf } from '../../projections/unread.ts'
import { uuidOf } from '../../projections/uuid.ts'
import type { Difference } from '../difference.ts'
import { eventOf } from '../event-of.ts'
import { rewriteBalances } from './balances.ts'
import { paymentRowAt, payoutRowAt } from './fold-to.ts'
import { type Compared, liveShards } from './live-schemas.ts'
import { lockProjection } from './lock-projection.ts'
import type { TablesDeps } from './tables-place.ts'

/** Makes what a difference is about again from the log. Rejects with `StoreUnavailable` only. */
export type Reprojector = (difference: Difference) => Promise<Outcome>

/** What a repair knows within its transaction. */
type Site = {
  readonly sql: Sql
  readonly schema: string
  /** What of the stream, or of the one event, the projection has seen and applied. */
  readonly applied: readonly LogEvent[]
}

const rewritePayment = async ({ sql, schema, applied }: Site, id: string): Promise<void> => {
  await sql.query(`delete from ${schema}.payments where id = $1::uuid`, [uuidOf(id)])
  const row = paymentRowAt(applied, applied.length - 1)
  if (row !== undefined) await copyPayments(sql, schema, [row])
}

const rewritePayout = async ({ sql, schema, applied }: Site, id: string): Promise<void> => {
  await sql.query(`delete from ${schema}.payouts where id = $1::uuid`, [uuidOf(id)])
  const row = payoutRowAt(applied, applied.length - 1)
  if (row !== undefined) await upsertPayouts(sql, schema, [row])
}

const rewriteEntry = async ({ sql, schema, applied }: Site, log: number, sequence: number): Promise<void> => {
  await sql.query(`delete from ${schema}.journal where log = $1 and sequence = $2`, [log, sequence])
  await copyEntries(sql, schema, entriesOf(applied.filter(isRead)))
}

const projectionOf = ({ record }: Difference): Compared | undefined => {
  switch (record) {
    case 'journal':
      return 'journal'
    case 'payment':
      return 'payments'
    case 'payout':
      return 'payouts'
    case 'balances':
    case 'event':
    case 'status':
      return undefined
  }
}

/**
 * Makes rows again, in the transaction that keeps their projector from moving: what is written is what it has seen. A
 * stream that was parked is made up to there.
 */
export const reprojector = ({ servers, streams, partOf, stride }: TablesDeps): Reprojector => {
  const rewrite = async (server: ReadModelServer, projection: Compared, difference: Difference): Promise<void> => {
    const { stream, log, sequence, part: shard } = difference
    const event = projection === 'journal' ? await eventOf(streams, difference) : undefined
    const events = projection === 'journal' ? (event === undefined ? [] : [event]) : await streams.streamFrom(stream, 0)
    // A row of a merchant that belongs elsewhere is nobody's here.
    const own = events.filter((each) => server.shardOf(merchantOf(each) ?? '') === shard)
    await partitionsOf(server).ensure(new Map([[await schemaNow(server, shard, projection), monthsIn(own)]]))
    await server.transaction(async (sql) => {
      const schema = await schemaIn(sql, server, shard, projection)
      const applied = await lockProjection(sql, schema, projection, own, partOf)
      const site: Site = { sql, schema, applied }
      const id = stream.slice(stream.indexOf('-') + 1)
      if (projection === 'payments') await rewritePayment(site, id)
      else if (projection === 'payouts') await rewritePayout(site, id)
      else await rewriteEntry(site, log, sequence)
    })
  }
  return async (difference) => {
    const projection = projectionOf(difference)
    const server = servers.find(({ shards }) => shards.includes(difference.part))
    if (server === undefined) return 'notNeeded'
    try {
      if (projection !== undefined) await rewrite(server, projection, difference)
      else if (!(await rewriteSums(server, difference, stride))) return 'failed'
      return 'made'
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error
      return 'failed'
    }
  }
}

/** Makes a merchant's balances again; false where two projections have not applied the same events. */
const rewriteSums = (server: ReadModelServer, { part, stream }: Difference, stride: number): Promise<boolean> =>
  server.transaction(async (sql) => {
    const live = (await liveShards(sql, server)).find(({ shard }) => shard === part)
    if (live === undefined) return false
    await lockProjection(sql, live.schemas.journal, 'journal', [], () => 0)
    await lockProjection(sql, live.schemas.periods, 'periods', [], () => 0)
    const merchantId = stream.slice(stream.indexOf('-') + 1)
    return rewriteBalances(sql, live, merchantId, stride)
  })

const schemaIn = async (sql: Sql, server: ReadModelServer, shard: string, projection: Compared): Promise<string> => {
  const live = (await liveShards(sql, server)).find((each) => each.shard === shard)
  return live?.schemas[projection] ?? shard
}

const schemaNow = (server: ReadModelServer, shard: string, projection: Compared): Promise<string> =>
  server.transaction((sql) => schemaIn(sql, server, shard, projection))
