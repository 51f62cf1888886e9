import type { Amount } from '../money.ts'
import type { Metadata } from '../text.ts'
import type { Decline } from './event.ts'
import type { Authentication, Mandate, Method } from './method.ts'

/** A capture, refund, void or increment: asked of the gateway, then done or refused. An increment's amount is the new total. */
export type Operation = {
  readonly id: string
  readonly amount: Amount
  readonly status: 'pending' | 'succeeded' | 'failed'
  readonly createdAt: string
  readonly decline?: Decline
  /** Captures only: whether the rest is released when it succeeds. */
  readonly final?: boolean
  /** Refunds only. */
  readonly reason?: string
}

export type Dispute = {
  readonly id: string
  readonly amount: Amount
  readonly status: 'open' | 'won' | 'lost'
  readonly reason: string
  readonly reference?: string
  readonly createdAt: string
}

/** A payment, folded. Amounts mean what the HTTP contract's table says of them. */
export type Payment = {
  readonly id: string
  readonly merchantId: string
  readonly currency: string
  readonly gateway: string
  readonly method: Method
  readonly capture: 'automatic' | 'manual'
  /** Id of the capture that an approval brings with it; only with automatic capture. */
  readonly automaticCaptureId?: string
  readonly customerId?: string
  readonly reference?: string
  readonly metadata: Metadata
  readonly mandate?: Mandate
  readonly authentication?: Authentication
  readonly authorization: 'pending' | 'approved' | 'declined'
  readonly decline?: Decline
  readonly amount: Amount
  readonly authorized: Amount
  readonly captured: Amount
  readonly refunded: Amount
  readonly voided: Amount
  readonly expired: Amount
  /** Open and lost disputes. */
  readonly disputed: Amount
  readonly captures: readonly Operation[]
  readonly refunds: readonly Operation[]
  readonly voids: readonly Operation[]
  readonly increments: readonly Operation[]
  readonly disputes: readonly Dispute[]
  readonly expiresAt: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly revision: number
}

/** `undefined` before the first event. */
export type PaymentState = Payment | undefined
