import type { Amount } from '../money.ts'
import type { Decline } from '../payment/event.ts'
import type { Metadata } from '../text.ts'
import type { Destination } from './destination.ts'

export const payoutStatuses = ['requested', 'sent', 'settled', 'failed', 'returned'] as const
export type PayoutStatus = (typeof payoutStatuses)[number]

/** A payout, folded. */
export type Payout = {
  readonly id: string
  readonly merchantId: string
  readonly status: PayoutStatus
  readonly amount: Amount
  readonly currency: string
  readonly destination: Destination
  readonly bank: string
  readonly bankReference?: string
  readonly reference?: string
  readonly metadata: Metadata
  /** Why it failed or came back. */
  readonly decline?: Decline
  readonly createdAt: string
  readonly updatedAt: string
  readonly revision: number
}

/** `undefined` before the first event. */
export type PayoutState = Payout | undefined
