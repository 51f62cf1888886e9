import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Tables } from '../tables.ts'
import { lineOf } from './line.ts'

/** The read models, and the streams whose events could not be applied. Cursors are positions and nothing else. */
export const dumped = [
  'payments',
  'payouts',
  'open_payouts',
  'journal',
  'account_balances',
  'settlements',
  'merchant_daily_totals',
  'parked_streams',
] as const

/** What a table came to. */
export type Dump = { readonly table: string; readonly rows: number; readonly sha256: string }

/** All rows of a table over all shards, as lines in one order; of one merchant where one is named. */
export const linesOf = async ({ servers }: Tables, table: string, merchantId?: string): Promise<string[]> => {
  const lines: string[] = []
  const [where, values] = merchantId === undefined ? ['', []] : [' where merchant_id = $1', [merchantId]]
  for (const server of servers) {
    for (const schema of server.shards) {
      const rows = await server.transaction((sql) =>
        sql.query<Record<string, unknown>>(`select * from ${schema}.${table}${where}`, values),
      )
      for (const row of rows) lines.push(lineOf(table, row))
    }
  }
  return lines.sort()
}

/** Writes each table to a file of its own in the folder, recording times and positions aside. */
export const dumpAll = async (tables: Tables, folder: string): Promise<readonly Dump[]> => {
  const dumps: Dump[] = []
  for (const table of dumped) {
    const lines = await linesOf(tables, table)
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
    await writeFile(join(folder, `${table}.ndjson`), bytes)
    dumps.push({ table, rows: lines.length, sha256: createHash('sha256').update(bytes).digest('hex') })
  }
  return dumps
}
