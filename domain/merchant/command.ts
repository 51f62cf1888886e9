import type { Amount } from '../money.ts'
import type { PayoutOrder } from '../payout/event.ts'
import type { Position } from '../position.ts'
import type { Subject } from './event.ts'
import type { FeeSchedule } from './fees.ts'
import type { Role } from './role.ts'

type Command<Type extends string, Data> = { readonly type: Type; readonly now: string } & Readonly<Data>

export type RegisterMerchant = Command<'registerMerchant', { merchantId: string; name: string }>
export type SetFees = Command<'setFees', { fees: FeeSchedule }>
export type SetGateway = Command<'setGateway', { gateway: string }>
export type IssueKey = Command<'issueKey', { keyId: string; hash: string; role: Role }>
export type RevokeKey = Command<'revokeKey', { keyId: string }>

/** What a run found unsettled for one merchant and currency after `from`, up to `to`. */
export type Unsettled = {
  readonly merchantId: string
  readonly currency: string
  readonly gross: Amount
  readonly refunds: Amount
  readonly disputes: Amount
  readonly fees: Amount
  readonly payments: number
  readonly from: Position
  readonly to: Position
}
/** Refused unless `from` is where the last settlement of that currency ended: each posting is settled once. */
export type Settle = Command<'settle', { settlementId: string } & Unsettled>
export type ReservePayout = Command<
  'reservePayout',
  { payoutId: string; amount: Amount; currency: string } & PayoutOrder
>
export type ReleasePayout = Command<'releasePayout', { payoutId: string }>
/** Of a merchant that need not be registered: payments can be there all the same. */
export type ForgetPersonalData = Command<
  'forgetPersonalData',
  { merchantId: string; subject: Subject; transactions: number; reason: string; by: string }
>

export type MerchantCommand =
  | RegisterMerchant
  | SetFees
  | SetGateway
  | IssueKey
  | RevokeKey
  | Settle
  | ReservePayout
  | ReleasePayout
  | ForgetPersonalData
