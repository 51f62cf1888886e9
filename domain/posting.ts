import type { Amount } from './money.ts'

/**
 * The accounts of the books. All but `gatewayReceivable` and `bank` are what the house owes or has earned.
 * - merchantPending: captured, not yet settled
 * - merchantAvailable: settled, can be paid out
 * - payoutsInTransit: reserved for payouts that have not ended
 * - gatewayReceivable: what gateways owe the house
 * - bank: the house's own bank account
 * - fees: what the house has earned
 * - disputes: held back while a dispute is open
 */
export type Account =
  | 'merchantPending'
  | 'merchantAvailable'
  | 'payoutsInTransit'
  | 'gatewayReceivable'
  | 'bank'
  | 'fees'
  | 'disputes'

export const accounts: readonly Account[] = [
  'merchantPending',
  'merchantAvailable',
  'payoutsInTransit',
  'gatewayReceivable',
  'bank',
  'fees',
  'disputes',
]

/** Authorisations stand in the pending layer until they are captured or released; everything else is posted. */
export type Layer = 'pending' | 'posted'

/** The accounts that each layer has: what is only authorized is between the gateway and the merchant. */
export const accountsOf: Readonly<Record<Layer, readonly Account[]>> = {
  pending: ['gatewayReceivable', 'merchantPending'],
  posted: accounts,
}

/** One side of a double entry, of one merchant's books. */
export type Posting = {
  readonly account: Account
  readonly merchantId: string
  readonly currency: string
  readonly layer: Layer
  /** Debit positive, credit negative; never 0. */
  readonly amount: Amount
}
