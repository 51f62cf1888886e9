import type { Sql } from '../read-model-store.ts'
import { uuidOf } from '../uuid.ts'
import type { PayoutRow } from './row.ts'

/** Writes payouts, new ones and changed ones alike. */
export const upsertPayouts = async (sql: Sql, schema: string, rows: readonly PayoutRow[]): Promise<void> => {
  if (rows.length === 0) return
  await sql.query(
    `insert into ${schema}.payouts (
       id, merchant_id, status, currency, amount, created_at, updated_at, revision, log, sequence, document
     )
     select * from unnest(
       $1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[], $7::timestamptz[],
       $8::integer[], $9::smallint[], $10::bigint[], $11::text[]
     )
     on conflict (id) do update set
       status = excluded.status, updated_at = excluded.updated_at, revision = excluded.revision,
       log = excluded.log, sequence = excluded.sequence, document = excluded.document`,
    [
      rows.map(({ id }) => uuidOf(id)),
      rows.map(({ merchantId }) => merchantId),
      rows.map(({ status }) => status),
      rows.map(({ currency }) => currency),
      rows.map(({ amount }) => amount),
      rows.map(({ createdAt }) => createdAt),
      rows.map(({ updatedAt }) => updatedAt),
      rows.map(({ revision }) => revision),
      rows.map(({ log }) => log),
      rows.map(({ sequence }) => sequence),
      rows.map(({ document }) => document),
    ],
  )
}
