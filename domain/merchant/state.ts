import type { Amount } from '../money.ts'
import type { Position } from '../position.ts'
import type { FeeSchedule } from './fees.ts'
import type { Reservations } from './reservations.ts'
import type { Role } from './role.ts'

export type ApiKey = { readonly id: string; readonly hash: string; readonly role: Role; readonly revoked: boolean }

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
  readonly reservations: Reservations
  readonly createdAt: string
  readonly revision: number
}
