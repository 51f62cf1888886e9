import type { Position } from '../domain/position.ts'
import { accountSums } from './account-sums.ts'
import type { BalanceRow } from './balances.ts'
import type { Past } from './reads.ts'
import { sumsUpTo } from './sums-up-to.ts'
import type { Condition } from './where.ts'

type Books = Pick<BalanceRow, 'merchant_id' | 'currency'>
type Row = Books & { readonly account: string; readonly debit: string; readonly credit: string }

const nameOf = ({ merchant_id: merchant, currency }: Books): string => `${merchant} ${currency}`

/** The balances of these merchants and currencies as they were at a position; those are left out that were not yet there. */
export const balancesAsOf = async (
  past: Past,
  schemas: readonly string[],
  position: Position,
  books: readonly Books[],
): Promise<readonly BalanceRow[]> => {
  if (books.length === 0) return []
  const ofThem: readonly Condition[] = [
    ['merchant_id = any(?)', [...new Set(books.map((each) => each.merchant_id))]],
    ["layer = 'posted'"],
  ]
  const sums = accountSums('merchant_id, currency, account', ofThem, ofThem)
  const accounts = new Map<string, Map<string, bigint>>()
  for (const row of await sumsUpTo<Row>(past, schemas, position, sums)) {
    const name = nameOf(row)
    const balances = accounts.get(name) ?? new Map<string, bigint>()
    const before = balances.get(row.account) ?? 0n
    accounts.set(name, balances.set(row.account, before + BigInt(row.credit) - BigInt(row.debit)))
  }
  return books.flatMap((each) => {
    const balances = accounts.get(nameOf(each))
    if (balances === undefined) return []
    const of = (account: string): string => String(balances.get(account) ?? 0n)
    return {
      merchant_id: each.merchant_id,
      currency: each.currency,
      pending: of('merchantPending'),
      available: of('merchantAvailable'),
      in_transit: of('payoutsInTransit'),
      disputed: of('disputes'),
    }
  })
}
