import { copied } from '../copied.ts'
import type { Sql } from '../read-model-store.ts'
import { uuidOf } from '../uuid.ts'
import type { PaymentRow } from './row.ts'

const line = (row: PaymentRow): string =>
  [
    copied(uuidOf(row.id)),
    copied(row.merchantId),
    row.status,
    copied(row.method),
    copied(row.gateway),
    copied(row.customerId),
    copied(row.currency),
    row.amount,
    copied(row.createdAt),
    copied(row.updatedAt),
    row.revision,
    row.log,
    row.sequence,
    copied(row.unresolvedSince),
    copied(row.expiresAt),
    copied(row.document),
    copied(row.increments),
  ].join('\t')

/** Writes payments that are not there yet. */
export const copyPayments = async (sql: Sql, schema: string, rows: readonly PaymentRow[]): Promise<void> => {
  if (rows.length === 0) return
  await sql.copy(
    `copy ${schema}.payments (
       id, merchant_id, status, method, gateway, customer_id, currency, amount, created_at, updated_at,
       revision, log, sequence, unresolved_since, expires_at, document, increments
     ) from stdin`,
    `${rows.map(line).join('\n')}\n`,
  )
}
