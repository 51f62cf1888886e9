import type { Amount } from '../money.ts'
import type { Decline } from '../payment/event.ts'
import type { PayoutOrder } from './event.ts'

type Command<Type extends string, Data = unknown> = { readonly type: Type; readonly now: string } & Readonly<Data>

/** Only after the merchant's stream has reserved the money. */
export type RequestPayout = Command<
  'requestPayout',
  { payoutId: string; merchantId: string; amount: Amount; currency: string; bank: string } & PayoutOrder
>
export type MarkSent = Command<'markSent', { bankReference?: string }>
export type MarkSettled = Command<'markSettled'>
export type MarkFailed = Command<'markFailed', Decline>
export type MarkReturned = Command<'markReturned', Decline>

export type PayoutCommand = RequestPayout | MarkSent | MarkSettled | MarkFailed | MarkReturned
