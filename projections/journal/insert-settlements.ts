import type { RecordedEvent } from '../../domain/event.ts'
import type { SettlementRecorded } from '../../domain/merchant/event.ts'
import type { Sql } from '../read-model-store.ts'
import { uuidOf } from '../uuid.ts'

const isSettlement = (event: RecordedEvent): event is RecordedEvent<SettlementRecorded> =>
  event.type === 'SettlementRecorded'

/** Writes the settlements among the events. */
export const insertSettlements = async (sql: Sql, schema: string, events: readonly RecordedEvent[]): Promise<void> => {
  const settlements = events.filter(isSettlement)
  if (settlements.length === 0) return
  await sql.query(
    `insert into ${schema}.settlements (
       id, merchant_id, currency, gross, refunds, disputes, fees, net, payments, from_position, to_position,
       created_at, log, sequence
     )
     select * from unnest(
       $1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
       $9::integer[], $10::text[], $11::text[], $12::timestamptz[], $13::smallint[], $14::bigint[]
     )`,
    [
      settlements.map(({ data }) => uuidOf(data.settlementId)),
      settlements.map(({ data }) => data.merchantId),
      settlements.map(({ data }) => data.currency),
      settlements.map(({ data }) => data.gross),
      settlements.map(({ data }) => data.refunds),
      settlements.map(({ data }) => data.disputes),
      settlements.map(({ data }) => data.fees),
      settlements.map(({ data }) => data.net),
      settlements.map(({ data }) => data.payments),
      settlements.map(({ data }) => data.from),
      settlements.map(({ data }) => data.to),
      settlements.map(({ recordedAt }) => recordedAt),
      settlements.map(({ log }) => log),
      settlements.map(({ sequence }) => sequence),
    ],
  )
}
