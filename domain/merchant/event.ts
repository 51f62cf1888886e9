import type { Amount } from '../money.ts'
import type { PayoutOrder } from '../payout/event.ts'
import type { Position } from '../position.ts'
import type { FeeSchedule } from './fees.ts'
import type { Role } from './role.ts'

type Common = { readonly merchantId: string }
type Event<Type extends string, Data> = { readonly type: Type; readonly data: Readonly<Common & Data> }

export type MerchantRegistered = Event<'MerchantRegistered', { name: string }>
export type FeeScheduleSet = Event<'FeeScheduleSet', { fees: FeeSchedule }>
export type GatewayPreferenceSet = Event<'GatewayPreferenceSet', { gateway: string }>
/** `hash` is the SHA-256 of the key's secret in hex; the secret itself is shown once and kept nowhere. */
export type ApiKeyIssued = Event<'ApiKeyIssued', { keyId: string; hash: string; role: Role }>
export type ApiKeyRevoked = Event<'ApiKeyRevoked', { keyId: string }>

/** One run's result for a merchant and currency: all postings to its pending account after `from`, up to `to`. */
export type SettlementRecorded = Event<
  'SettlementRecorded',
  {
    settlementId: string
    currency: string
    gross: Amount
    refunds: Amount
    /** Opened less won. */
    disputes: Amount
    fees: Amount
    /** gross − refunds − disputes − fees; may be negative. */
    net: Amount
    /** How many payments have a posting in it. */
    payments: number
    from: Position
    to: Position
  }
>
export type PayoutReserved = Event<
  'PayoutReserved',
  { payoutId: string; amount: Amount; currency: string } & PayoutOrder
>
/** A failed or returned payout gives its reservation back. */
export type PayoutReleased = Event<'PayoutReleased', { payoutId: string; amount: Amount; currency: string }>

export type MerchantEvent =
  | MerchantRegistered
  | FeeScheduleSet
  | GatewayPreferenceSet
  | ApiKeyIssued
  | ApiKeyRevoked
  | SettlementRecorded
  | PayoutReserved
  | PayoutReleased
