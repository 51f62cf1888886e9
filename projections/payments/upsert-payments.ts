import type { Sql } from '../read-model-store.ts'
import { uuidOf } from '../uuid.ts'
import type { PaymentRow } from './row.ts'

/** Writes payments, new ones and changed ones alike. */
export const upsertPayments = async (sql: Sql, schema: string, rows: readonly PaymentRow[]): Promise<void> => {
  if (rows.length === 0) return
  await sql.query(
    `insert into ${schema}.payments (
       id, merchant_id, status, method, gateway, customer_id, currency, amount, created_at, updated_at,
       revision, log, sequence, unresolved_since, expires_at, document, increments
     )
     select * from unnest(
       $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[],
       $9::timestamptz[], $10::timestamptz[], $11::integer[], $12::smallint[], $13::bigint[],
       $14::timestamptz[], $15::timestamptz[], $16::text[], $17::text[]
     )
     on conflict (id, created_at) do update set
       status = excluded.status, amount = excluded.amount, updated_at = excluded.updated_at,
       revision = excluded.revision, log = excluded.log, sequence = excluded.sequence,
       unresolved_since = excluded.unresolved_since, expires_at = excluded.expires_at,
       document = excluded.document, increments = excluded.increments`,
    [
      rows.map(({ id }) => uuidOf(id)),
      rows.map(({ merchantId }) => merchantId),
      rows.map(({ status }) => status),
      rows.map(({ method }) => method),
      rows.map(({ gateway }) => gateway),
      rows.map(({ customerId }) => customerId),
      rows.map(({ currency }) => currency),
      rows.map(({ amount }) => amount),
      rows.map(({ createdAt }) => createdAt),
      rows.map(({ updatedAt }) => updatedAt),
      rows.map(({ revision }) => revision),
      rows.map(({ log }) => log),
      rows.map(({ sequence }) => sequence),
      rows.map(({ unresolvedSince }) => unresolvedSince),
      rows.map(({ expiresAt }) => expiresAt),
      rows.map(({ document }) => document),
      rows.map(({ increments }) => increments),
    ],
  )
}
