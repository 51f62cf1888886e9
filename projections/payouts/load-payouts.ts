import { payoutFromResource, type PayoutResource } from '../../domain/payout/resource.ts'
import type { Payout } from '../../domain/payout/state.ts'
import type { Sql } from '../read-model-store.ts'
import { uuidOf } from '../uuid.ts'

/** The payouts with these ids, as far as they are there. */
export const loadPayouts = async (sql: Sql, schema: string, ids: readonly string[]): Promise<readonly Payout[]> => {
  if (ids.length === 0) return []
  const rows = await sql.query<{ document: string }>(
    `select document from ${schema}.payouts where id = any($1::uuid[])`,
    [ids.map(uuidOf)],
  )
  return rows.map(({ document }) => payoutFromResource(JSON.parse(document) as PayoutResource))
}
