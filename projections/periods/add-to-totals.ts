import type { Period } from '../../domain/period.ts'
import { type Account, accountsOf, type Layer } from '../../domain/posting.ts'
import { type Entry, entriesOf } from '../journal/entry.ts'
import { numberArray } from '../number-array.ts'
import type { Sql } from '../read-model-store.ts'
import { inAllSizes, merged, type PeriodEvents } from './by-period.ts'

/** Sums of a merchant's accounts in one currency, in the order of `columns`. */
type Totals = { readonly merchantId: string; readonly currency: string; readonly sums: readonly bigint[] }
type Row = Period & Totals

/** Stands for all merchants of a shard. */
export const everybody = ''

const layers: readonly Layer[] = ['pending', 'posted']
/** The accounts in the order of their columns. */
export const names = layers.flatMap((layer) => accountsOf[layer].map((account) => ({ layer, account })))
const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
/** The debits and credits of each account. */
export const columns = names.flatMap(({ layer, account }) => [
  `${layer}_${snake(account)}_debit`,
  `${layer}_${snake(account)}_credit`,
])
const none: readonly bigint[] = columns.map(() => 0n)

/** Where each account's debits are summed; its credits come next. */
const places: Readonly<Record<Layer, ReadonlyMap<Account, number>>> = {
  pending: new Map(accountsOf.pending.map((account, index) => [account, 2 * index])),
  posted: new Map(accountsOf.posted.map((account, index) => [account, 2 * (accountsOf.pending.length + index)])),
}

const placeOf = (layer: Layer, account: Account): number => {
  const place = places[layer].get(account)
  if (place === undefined) throw new Error(`the layer ${layer} has no account ${account}`)
  return place
}

const totalsOf = (entries: readonly Entry[]): readonly Totals[] => {
  const totals = new Map<string, Totals & { readonly sums: bigint[] }>()
  for (const { merchantId, currency, lines } of entries) {
    const key = `${merchantId}\t${currency}`
    let total = totals.get(key)
    if (total === undefined) totals.set(key, (total = { merchantId, currency, sums: [...none] }))
    for (const { layer, account, amount } of lines) {
      const place = placeOf(layer, account) + (amount > 0n ? 0 : 1)
      total.sums[place] = (total.sums[place] ?? 0n) + (amount > 0n ? amount : -amount)
    }
  }
  return [...totals.values()]
}

const keyOf = ({ merchantId, currency, log, size, first }: Row): string =>
  `${merchantId}\t${currency}\t${log}\t${size}\t${first}`

const together = (one: Row, other: Row): Row => ({
  ...one,
  sums: one.sums.map((sum, place) => sum + (other.sums[place] ?? 0n)),
})

const rowsOf = (periods: readonly PeriodEvents[], sizes: readonly number[]): readonly Row[] => {
  const finest = periods.flatMap(({ log, size, first, events }) =>
    totalsOf(entriesOf(events)).map((totals) => ({ log, size, first, ...totals })),
  )
  const ofEverybody = finest.map((row) => ({ ...row, merchantId: everybody }))
  return merged(inAllSizes([...finest, ...merged(ofEverybody, keyOf, together)], sizes), keyOf, together)
}

/** Adds what the events move to the totals of their periods, of each merchant and of all. */
export const addToTotals = async (
  sql: Sql,
  schema: string,
  periods: readonly PeriodEvents[],
  sizes: readonly number[],
): Promise<void> => {
  const rows = rowsOf(periods, sizes)
  if (rows.length === 0) return
  await sql.query(
    `insert into ${schema}.period_totals as period (merchant_id, currency, log, size, first, ${columns.join(', ')})
     select * from unnest(
       $1::text[], $2::text[], $3::smallint[], $4::bigint[], $5::bigint[],
       ${columns.map((_, index) => `$${index + 6}::bigint[]`).join(', ')}
     )
     on conflict (merchant_id, currency, log, size, first) do update set
       ${columns.map((column) => `${column} = period.${column} + excluded.${column}`).join(', ')}`,
    [
      rows.map(({ merchantId }) => merchantId),
      rows.map(({ currency }) => currency),
      numberArray(rows.map(({ log }) => log)),
      numberArray(rows.map(({ size }) => size)),
      numberArray(rows.map(({ first }) => first)),
      ...columns.map((_, place) => numberArray(rows.map(({ sums }) => sums[place] ?? 0n))),
    ],
  )
}
