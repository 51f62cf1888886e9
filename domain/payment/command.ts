import type { PaymentRules } from '../gateway/rules.ts'
import type { FeeSchedule } from '../merchant/fees.ts'
import type { Amount } from '../money.ts'
import type { Metadata } from '../text.ts'
import type { Decline } from './event.ts'
import type { Authentication, Mandate, Method } from './method.ts'

/** `now` is ISO 8601, UTC, milliseconds. Ids are given by the caller, derived from the client's key. */
type Command<Type extends string, Data> = { readonly type: Type; readonly now: string } & Readonly<Data>

export type Authorize = Command<
  'authorize',
  {
    paymentId: string
    captureId: string
    merchantId: string
    amount: Amount
    currency: string
    method: Method
    capture: 'automatic' | 'manual'
    gateway: string
    rules: PaymentRules
    expiresAt: string
    customerId?: string
    reference?: string
    metadata?: Metadata
    mandate?: Mandate
    authentication?: Authentication
  }
>
/** Without `amount`: all that is left. `final` releases what is left after it. */
export type Capture = Command<'capture', { captureId: string; amount?: Amount; final: boolean }>
/** `amount` is the new total. */
export type Increment = Command<'increment', { incrementId: string; amount: Amount; rules: PaymentRules }>
export type Void = Command<'void', { voidId: string }>
/** Without `amount`: all that can be refunded. */
export type Refund = Command<'refund', { refundId: string; amount?: Amount; reason?: string }>
/** `forced` by an operator: at once; otherwise only from `expiresAt` on. */
export type Expire = Command<'expire', { forced: boolean }>
/** Without `amount`: all that is captured and not yet disputed. */
export type OpenDispute = Command<
  'openDispute',
  { disputeId: string; amount?: Amount; reason: string; reference?: string }
>
export type CloseDispute = Command<'closeDispute', { disputeId: string; outcome: 'won' | 'lost' }>

export type GatewayOutcome =
  | { readonly type: 'approved'; readonly gatewayReference?: string }
  | ({ readonly type: 'declined' } & Decline)

export type OperationKind = 'authorization' | 'capture' | 'increment' | 'void' | 'refund'

/** What the gateway said to an intent. `operationId` is the payment's id for its authorization. */
export type RecordOutcome = Command<
  'recordOutcome',
  { operation: OperationKind; operationId: string; outcome: GatewayOutcome; fees: FeeSchedule }
>

export type PaymentCommand =
  | Authorize
  | Capture
  | Increment
  | Void
  | Refund
  | Expire
  | OpenDispute
  | CloseDispute
  | RecordOutcome
