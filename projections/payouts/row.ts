import type { RecordedEvent } from '../../domain/event.ts'
import { payoutResource } from '../../domain/payout/resource.ts'
import type { Payout } from '../../domain/payout/state.ts'

/** A row of `payouts`. Times are ISO 8601; `document` is JSON text. */
export type PayoutRow = {
  readonly id: string
  readonly merchantId: string
  readonly status: string
  readonly currency: string
  readonly amount: bigint
  readonly createdAt: string
  readonly updatedAt: string
  readonly revision: number
  readonly log: number
  readonly sequence: number
  readonly document: string
}

/** The row of a payout after its event `last`. */
export const rowOf = (payout: Payout, last: RecordedEvent): PayoutRow => ({
  id: payout.id,
  merchantId: payout.merchantId,
  status: payout.status,
  currency: payout.currency,
  amount: payout.amount,
  createdAt: payout.createdAt,
  updatedAt: payout.updatedAt,
  revision: payout.revision,
  log: last.log,
  sequence: last.sequence,
  document: JSON.stringify(payoutResource(payout)),
})
