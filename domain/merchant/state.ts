import type { Amount } from '../money.ts'
import type { Position } from '../position.ts'
import type { FeeSchedule } from './fees.ts'
import type { Role } from './role.ts'

export type ApiKey = { readonly id: string; readonly hash: string; readonly role: Role; readonly revoked: boolean }

/** Money set aside for a payout; `revision` is that of the event that did it. */
export type Reservation = { readonly amount: Amount; readonly currency: string; readonly revision: number }

/** A merchant, folded. `id` is '' before the first event. */
export type Merchant = {
  readonly id: string
  readonly name: string
  readonly registered: boolean
  readonly fees: FeeSchedule
  /** '' for the house's default. */
  readonly gateway: string
  readonly keys: ReadonlyMap<string, ApiKey>
  /** Settled and neither reserved nor paid out, by currency; may be negative. */
  readonly available: ReadonlyMap<string, Amount>
  /** Up to where each currency has been settled. */
  readonly settledTo: ReadonlyMap<string, Position>
  readonly reservations: ReadonlyMap<string, Reservation>
  readonly createdAt: string
  readonly revision: number
}
