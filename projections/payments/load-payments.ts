import { paymentFromResource, type pendingIncrements, type PaymentResource } from '../../domain/payment/resource.ts'
import type { Payment } from '../../domain/payment/state.ts'
import type { Sql } from '../read-model-store.ts'
import { uuidOf } from '../uuid.ts'

type Increments = ReturnType<typeof pendingIncrements>

/** The payments with these ids, as far as they are there. */
export const loadPayments = async (sql: Sql, schema: string, ids: readonly string[]): Promise<readonly Payment[]> => {
  if (ids.length === 0) return []
  const rows = await sql.query<{ document: string; increments: string | null }>(
    `select document, increments from ${schema}.payments where id = any($1::uuid[])`,
    [ids.map(uuidOf)],
  )
  return rows.map(({ document, increments }) =>
    paymentFromResource(
      JSON.parse(document) as PaymentResource,
      increments === null ? [] : (JSON.parse(increments) as Increments),
    ),
  )
}
