import { sumSizes } from '../../../domain/period.ts'
import type { Sql } from '../../../projections/read-model-store.ts'
import { everybody } from '../../../projections/periods/add-to-totals.ts'
import type { Difference } from '../../difference.ts'
import { wrongOf } from '../../place.ts'
import { areLevel } from '../level.ts'
import type { LiveShard } from '../live-schemas.ts'
import { compareBooks } from '../sums/books.ts'
import { misplacedSums } from '../sums/misplaced.ts'
import { comparePeriods } from '../sums/periods.ts'
import { books, periods } from '../sums/sum-tables.ts'
import { suspectMerchants, suspectPeriods } from '../sums/suspects.ts'
import { nothingFound, type Walk } from './walk.ts'

/** So many merchants are looked at for each piece. */
const pieceMerchants = 50

/** The merchants after one that anything is summed of, in order. */
const merchantsAfter = async (sql: Sql, { schemas }: LiveShard, after: string): Promise<readonly string[]> => {
  const tables = [
    ...books.map(({ table }) => `${schemas.journal}.${table}`),
    ...periods.map(({ table }) => `${schemas.periods}.${table}`),
  ]
  const of = (table: string): string =>
    `(select merchant_id from ${table} where merchant_id > $1 group by 1 order by 1 limit ${pieceMerchants})`
  const rows = await sql.query<{ id: string }>(
    `select merchant_id as id from (${tables.map(of).join(' union ')}) merchant order by 1 limit ${pieceMerchants}`,
    [after],
  )
  return rows.map(({ id }) => id)
}

/**
 * Sums of sums: larger periods are those of the smaller ones in them, balances and daily totals those of the largest. Where
 * they are not, both are held against the journal, which says what is wrong.
 */
const compareMerchants = async (
  sql: Sql,
  live: LiveShard,
  merchants: readonly string[],
  sizes: readonly number[],
  logs: number,
): Promise<readonly Difference[]> => {
  const differences = [...(await misplacedSums(sql, live, merchants, sizes, logs))]
  for (const [index, size] of sizes.entries()) {
    const smaller = sizes[index - 1]
    if (smaller === undefined) continue
    for (const { log, first, merchants: those } of await suspectPeriods(
      sql,
      live.schemas.periods,
      merchants,
      smaller,
      size,
    ))
      differences.push(...(await comparePeriods(sql, live, { log, size, from: first, before: first + size }, those)))
  }
  const suspects = await suspectMerchants(sql, live, merchants, sizes.at(-1) ?? 1)
  return [...differences, ...(await compareBooks(sql, live, suspects))]
}

/** All that is summed of merchants, from the one after `after` on. */
export const merchantsWalk: Walk = async ({ deps: { logs, stride }, shard, read, wrong }, after) => {
  if (wrong.has(wrongOf({ record: 'journal', part: shard }))) return nothingFound
  return read(async (sql, live) => {
    if (!(await areLevel(sql, live, 'journal', 'periods'))) return nothingFound
    const merchants = await merchantsAfter(sql, live, after ?? everybody)
    const all = after === undefined ? [everybody, ...merchants] : merchants
    const differences = await compareMerchants(sql, live, all, sumSizes(stride), logs.length)
    return { differences, next: merchants.length < pieceMerchants ? undefined : merchants.at(-1) }
  })
}
