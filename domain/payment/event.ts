import type { Amount } from '../money.ts'
import type { Metadata } from '../text.ts'
import type { Authentication, Mandate, Method } from './method.ts'

/** What every payment event repeats, so that each can be posted and routed by itself. */
type Common = {
  readonly paymentId: string
  readonly merchantId: string
  readonly currency: string
  readonly gateway: string
}

/** Why a gateway or a bank said no. */
export type Decline = { readonly code: string; readonly message: string }

type Event<Type extends string, Data> = { readonly type: Type; readonly data: Readonly<Common & Data> }

export type PaymentAuthorizationRequested = Event<
  'PaymentAuthorizationRequested',
  {
    amount: Amount
    method: Method
    capture: 'automatic' | 'manual'
    /** Id of the capture that an approval brings with it; only with automatic capture. */
    captureId?: string
    /** When an authorization that is not captured lapses. */
    expiresAt: string
    customerId?: string
    reference?: string
    metadata?: Metadata
    mandate?: Mandate
    authentication?: Authentication
  }
>
export type PaymentAuthorized = Event<'PaymentAuthorized', { amount: Amount; gatewayReference?: string }>
export type PaymentDeclined = Event<'PaymentDeclined', Decline>

export type PaymentCaptureRequested = Event<
  'PaymentCaptureRequested',
  { captureId: string; amount: Amount; final: boolean }
>
export type PaymentCaptured = Event<
  'PaymentCaptured',
  {
    captureId: string
    amount: Amount
    /** What a final capture gives back of the authorization; 0 otherwise. */
    released: Amount
    /** What the house keeps of this capture. */
    fee: Amount
  }
>
export type PaymentCaptureFailed = Event<'PaymentCaptureFailed', { captureId: string } & Decline>

export type PaymentIncrementRequested = Event<'PaymentIncrementRequested', { incrementId: string; amount: Amount }>
/** `amount` is the new total, `added` what came on top of the old one. */
export type PaymentIncremented = Event<'PaymentIncremented', { incrementId: string; amount: Amount; added: Amount }>
export type PaymentIncrementFailed = Event<'PaymentIncrementFailed', { incrementId: string } & Decline>

export type PaymentVoidRequested = Event<'PaymentVoidRequested', { voidId: string; amount: Amount }>
export type PaymentVoided = Event<'PaymentVoided', { voidId: string; amount: Amount }>
export type PaymentVoidFailed = Event<'PaymentVoidFailed', { voidId: string } & Decline>

export type PaymentRefundRequested = Event<
  'PaymentRefundRequested',
  { refundId: string; amount: Amount; reason?: string }
>
export type PaymentRefunded = Event<'PaymentRefunded', { refundId: string; amount: Amount }>
export type PaymentRefundFailed = Event<'PaymentRefundFailed', { refundId: string } & Decline>

export type PaymentExpired = Event<'PaymentExpired', { amount: Amount }>

export type PaymentDisputeOpened = Event<
  'PaymentDisputeOpened',
  { disputeId: string; amount: Amount; reason: string; reference?: string }
>
export type PaymentDisputeWon = Event<'PaymentDisputeWon', { disputeId: string; amount: Amount }>
export type PaymentDisputeLost = Event<'PaymentDisputeLost', { disputeId: string; amount: Amount }>

export type PaymentEvent =
  | PaymentAuthorizationRequested
  | PaymentAuthorized
  | PaymentDeclined
  | PaymentCaptureRequested
  | PaymentCaptured
  | PaymentCaptureFailed
  | PaymentIncrementRequested
  | PaymentIncremented
  | PaymentIncrementFailed
  | PaymentVoidRequested
  | PaymentVoided
  | PaymentVoidFailed
  | PaymentRefundRequested
  | PaymentRefunded
  | PaymentRefundFailed
  | PaymentExpired
  | PaymentDisputeOpened
  | PaymentDisputeWon
  | PaymentDisputeLost
