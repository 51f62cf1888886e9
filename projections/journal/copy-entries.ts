import { copied } from '../copied.ts'
import type { Sql } from '../read-model-store.ts'
import { type Entry, isToSettle } from './entry.ts'

const line = ({ event, transactionId, merchantId, currency, lines }: Entry): string => {
  const { log, sequence, id, type, recordedAt } = event
  let [accounts, layers, amounts] = ['', '', '']
  let toSettle = false
  for (const { account, layer, amount } of lines) {
    accounts += `,${account}`
    layers += `,${layer}`
    amounts += `,${amount}`
    toSettle ||= isToSettle(type, account, layer)
  }
  const of = `${log}\t${sequence}\t${copied(id)}\t${copied(type)}\t${copied(transactionId)}\t${copied(merchantId)}\t${copied(currency)}`
  return `${of}\t${copied(recordedAt)}\t${toSettle}\t{${accounts.slice(1)}}\t{${layers.slice(1)}}\t{${amounts.slice(1)}}\n`
}

/** Writes the journal's entries. */
export const copyEntries = async (sql: Sql, schema: string, entries: readonly Entry[]): Promise<void> => {
  if (entries.length === 0) return
  let rows = ''
  for (const entry of entries) rows += line(entry)
  await sql.copy(
    `copy ${schema}.journal (
       log, sequence, event_id, kind, transaction_id, merchant_id, currency, recorded_at, to_settle, accounts, layers,
       amounts
     ) from stdin`,
    rows,
  )
}
