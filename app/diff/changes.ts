import type { RecordedEvent } from '../../domain/event.ts'
import type { Account, Layer } from '../../domain/posting.ts'
import { postings } from '../../domain/postings.ts'

/** What moved on an account, in minor units. */
export type Movement = {
  readonly account: Account
  readonly currency: string
  readonly layer: Layer
  readonly debit: bigint
  readonly credit: bigint
}

/** How what the house owes a merchant changed, in minor units. */
export type MerchantChange = {
  readonly merchantId: string
  readonly currency: string
  readonly pending: bigint
  readonly available: bigint
  readonly inTransit: bigint
  readonly disputed: bigint
}

export type Settlement = {
  readonly id: string
  readonly merchantId: string
  readonly currency: string
  readonly net: bigint
}

/** What events did to the books, added up. */
export type Changes = {
  see(event: RecordedEvent): void
  /** By currency, layer and account. */
  movements(): readonly Movement[]
  /** By merchant and currency. */
  merchants(): readonly MerchantChange[]
  /** How many events there were of each type, by name. */
  events(): readonly (readonly [type: string, count: number])[]
  settlements(): readonly Settlement[]
}

type MerchantColumn = Exclude<keyof MerchantChange, 'merchantId' | 'currency'>

const columns: { readonly [Name in Account]?: MerchantColumn } = {
  merchantPending: 'pending',
  merchantAvailable: 'available',
  payoutsInTransit: 'inTransit',
  disputes: 'disputed',
}

const inOrder = <T>(rows: ReadonlyMap<string, T>): readonly T[] =>
  [...rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row)

export const createChanges = (): Changes => {
  const movements = new Map<string, Movement>()
  const merchants = new Map<string, MerchantChange>()
  const events = new Map<string, number>()
  const settlements: Settlement[] = []

  const move = (account: Account, layer: Layer, currency: string, amount: bigint): void => {
    const key = `${currency} ${layer} ${account}`
    const { debit, credit } = movements.get(key) ?? { debit: 0n, credit: 0n }
    const sides = amount > 0n ? { debit: debit + amount, credit } : { debit, credit: credit - amount }
    movements.set(key, { account, currency, layer, ...sides })
  }
  const moveMerchant = (merchantId: string, currency: string, column: MerchantColumn, amount: bigint): void => {
    const key = `${merchantId} ${currency}`
    const nothing = { merchantId, currency, pending: 0n, available: 0n, inTransit: 0n, disputed: 0n }
    const change = merchants.get(key) ?? nothing
    merchants.set(key, { ...change, [column]: change[column] + amount })
  }

  return {
    see: (event) => {
      events.set(event.type, (events.get(event.type) ?? 0) + 1)
      for (const { account, merchantId, currency, layer, amount } of postings(event)) {
        move(account, layer, currency, amount)
        const column = columns[account]
        if (column !== undefined && layer === 'posted') moveMerchant(merchantId, currency, column, -amount)
      }
      if (event.type !== 'SettlementRecorded') return
      const { settlementId: id, merchantId, currency, net } = event.data
      settlements.push({ id, merchantId, currency, net })
    },
    movements: () => inOrder(movements),
    merchants: () => inOrder(merchants),
    events: () => [...events].sort(([one], [other]) => (one < other ? -1 : 1)),
    settlements: () => settlements,
  }
}
