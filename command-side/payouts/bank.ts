import type { Amount } from '../../domain/money.ts'
import type { Decline } from '../../domain/payment/event.ts'
import type { ShownDestination } from '../../domain/payout/destination.ts'

/** What a bank is asked to pay out, or was asked and is now asked about. */
export type BankOrder = {
  /** The reference. A bank pays once per reference, however often it is asked. */
  readonly payoutId: string
  readonly merchantId: string
  /** Minor units. */
  readonly amount: Amount
  readonly currency: string
  /** With null for what was forgotten, where the order is asked about: it is not given without. */
  readonly destination: ShownDestination
}

/** Whether the bank took the order. That the money arrived is told later. */
export type BankOutcome =
  | { readonly type: 'sent'; readonly bankReference?: string }
  | ({ readonly type: 'failed' } & Decline)

/** What is known of a reference: an outcome, not decided yet, or never received. */
export type BankLookup = BankOutcome | { readonly type: 'pending' } | { readonly type: 'notFound' }

type Ask<T> = (order: BankOrder, signal: AbortSignal) => Promise<T>

/**
 * Where payouts are really made. A call whose promise is rejected, or still open when `signal` is aborted, has an
 * unknown outcome: it is asked for later with `lookup`, and sent again only if the bank never received it.
 */
export type Bank = { readonly name: string; readonly send: Ask<BankOutcome>; readonly lookup: Ask<BankLookup> }
