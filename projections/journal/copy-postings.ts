import { copied } from '../copied.ts'
import type { Sql } from '../read-model-store.ts'
import type { Entry } from './entry.ts'

/** Writes the journal's lines. */
export const copyPostings = async (sql: Sql, schema: string, entries: readonly Entry[]): Promise<void> => {
  if (entries.length === 0) return
  let rows = ''
  for (const { event, transactionId, lines } of entries) {
    const { log, sequence, id, type, recordedAt } = event
    const kind = `${copied(id)}\t${copied(type)}\t${copied(transactionId)}`
    for (const [n, { account, merchantId, currency, layer, amount }] of lines.entries())
      rows += `${log}\t${sequence}\t${n}\t${kind}\t${account}\t${copied(merchantId)}\t${copied(currency)}\t${layer}\t${amount}\t${copied(recordedAt)}\n`
  }
  await sql.copy(
    `copy ${schema}.postings (
       log, sequence, n, event_id, kind, transaction_id, account, merchant_id, currency, layer, amount, recorded_at
     ) from stdin`,
    rows,
  )
}
