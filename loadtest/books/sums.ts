import type { DomainEvent } from '../../domain/event.ts'
import { postings } from '../../domain/postings.ts'
import type { Api } from '../crash/api.ts'

/** What postings add up to: by currency, layer and account, and each merchant's posted accounts. Minor units. */
export type Sums = { readonly house: Map<string, bigint>; readonly merchants: Map<string, bigint> }

export const noSums = (): Sums => ({ house: new Map(), merchants: new Map() })

const add = (sums: Map<string, bigint>, name: string, amount: bigint): void => {
  sums.set(name, (sums.get(name) ?? 0n) + amount)
}

/** Adds what an event does to the books. */
export const post = ({ house, merchants }: Sums, event: DomainEvent): void => {
  for (const { merchantId, account, currency, layer, amount } of postings(event)) {
    add(house, `${currency} ${layer} ${account}`, amount)
    if (layer === 'posted') add(merchants, `${merchantId} ${currency} ${account}`, amount)
  }
}

type Line = { readonly account: string; readonly currency: string; readonly layer: string }
type TrialBalance = {
  readonly data: readonly (Line & { readonly debit: number; readonly credit: number })[]
  readonly totals: readonly { readonly currency: string; readonly layer: string; readonly difference: number }[]
}
type Balance = { readonly merchantId: string; readonly currency: string; readonly pending: number }

/** What is wrong with the trial balance; `sums` are those of the whole log, where it can be read. */
export const trialBalanceFaults = async (system: Api, sums: Sums | undefined): Promise<string[]> => {
  const faults: string[] = []
  const { data, totals } = await system.get<TrialBalance>('/v1/ledger/trial-balance')
  for (const { currency, layer, difference } of totals) {
    if (difference !== 0) faults.push(`trial balance: ${currency} ${layer} is off by ${difference}`)
  }
  if (sums === undefined) return faults
  const shown = new Map(
    data.map(({ currency, layer, account, debit, credit }) => [`${currency} ${layer} ${account}`, debit - credit]),
  )
  for (const name of new Set([...sums.house.keys(), ...shown.keys()])) {
    const [balance, folded] = [BigInt(shown.get(name) ?? 0), sums.house.get(name) ?? 0n]
    if (balance !== folded) faults.push(`trial balance: ${name} is ${balance}, the log says ${folded}`)
  }
  return faults
}

/** What is wrong with the merchants' pending balances. */
export const balanceFaults = async (system: Api, { merchants }: Sums): Promise<string[]> => {
  const faults: string[] = []
  for (const { merchantId, currency, pending } of await system.all<Balance>('/v1/balances')) {
    const folded = -(merchants.get(`${merchantId} ${currency} merchantPending`) ?? 0n)
    if (BigInt(pending) !== folded) {
      faults.push(`balance of ${merchantId}: ${pending} ${currency} pending, the log says ${folded}`)
    }
  }
  return faults
}
