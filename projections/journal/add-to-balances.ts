import type { Posting } from '../../domain/posting.ts'
import type { Sql } from '../read-model-store.ts'
import type { Entry } from './entry.ts'

type Balance = Omit<Posting, 'amount'> & { debit: bigint; credit: bigint }

/** One sum for each balance, always in the same order. */
const sumsOf = (entries: readonly Entry[]): readonly Balance[] => {
  const sums = new Map<string, Balance>()
  for (const { merchantId, currency, lines } of entries)
    for (const { account, layer, amount } of lines) {
      const key = `${merchantId}\t${account}\t${currency}\t${layer}`
      let sum = sums.get(key)
      if (sum === undefined) sums.set(key, (sum = { account, merchantId, currency, layer, debit: 0n, credit: 0n }))
      if (amount > 0n) sum.debit += amount
      else sum.credit -= amount
    }
  return [...sums].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, sum]) => sum)
}

/** Adds what the entries move to the balances of their accounts. */
export const addToBalances = async (sql: Sql, schema: string, entries: readonly Entry[]): Promise<void> => {
  if (entries.length === 0) return
  const sums = sumsOf(entries)
  await sql.query(
    `insert into ${schema}.account_balances as balance (merchant_id, account, currency, layer, debit, credit)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
     on conflict (merchant_id, account, currency, layer) do update set
       debit = balance.debit + excluded.debit, credit = balance.credit + excluded.credit`,
    [
      sums.map(({ merchantId }) => merchantId),
      sums.map(({ account }) => account),
      sums.map(({ currency }) => currency),
      sums.map(({ layer }) => layer),
      sums.map(({ debit }) => debit),
      sums.map(({ credit }) => credit),
    ],
  )
}
