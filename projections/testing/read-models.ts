import type { ReadModelServer } from '../read-model-store.ts'

export type Row = Record<string, string | number | null>

export const tables = [
  'payments',
  'payouts',
  'open_payouts',
  'postings',
  'account_balances',
  'settlements',
  'merchant_daily_totals',
] as const
/** The rows of each table over all shards. UUIDs are without dashes, times ISO 8601, numbers and booleans numbers. */
export type Models = Readonly<Record<(typeof tables)[number], readonly Row[]>>

const plain = (value: unknown): string | number | null => {
  if (value === null || typeof value === 'number') return value
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value)
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'string') throw new TypeError('a column of another type')
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value) ? value.replaceAll('-', '') : value
}

/**
 * Without since when payouts wait: that depends on the order of their events and their merchants', which nobody vouches
 * for where parts come in any order.
 */
export const timeless = (models: Models): Models => ({
  ...models,
  open_payouts: models.open_payouts.map((row) => ({ ...row, since: '' })),
})

/** In one order, columns too, so that models can be compared. */
export const sorted = (models: Models): Models => {
  const byColumn = (row: Row): Row =>
    Object.fromEntries(Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1)))
  const inOrder = (rows: readonly Row[]): Row[] =>
    rows
      .map((row) => [JSON.stringify(byColumn(row)), byColumn(row)] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, row]) => row)
  const entries = tables.map((table) => [table, inOrder(models[table])] as const)
  return Object.fromEntries(entries) as unknown as Models
}

export const readModels = (server: ReadModelServer): Promise<Models> =>
  server.transaction(async (sql) => {
    const entries: [string, Row[]][] = []
    for (const table of tables) {
      const selects = server.shards.map((schema) => `select * from ${schema}.${table}`)
      const rows = await sql.query<Record<string, unknown>>(selects.join(' union all '), [])
      entries.push([
        table,
        rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]))),
      ])
    }
    return Object.fromEntries(entries) as unknown as Models
  })
