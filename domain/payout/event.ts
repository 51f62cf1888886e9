import type { Amount } from '../money.ts'
import type { Decline } from '../payment/event.ts'
import type { Metadata } from '../text.ts'
import type { Destination } from './destination.ts'

type Common = {
  readonly payoutId: string
  readonly merchantId: string
  readonly amount: Amount
  readonly currency: string
}
type Event<Type extends string, Data = unknown> = { readonly type: Type; readonly data: Readonly<Common & Data> }

/** What a client asks for; the merchant's reservation repeats it, so that a payout survives a crash between the two. */
export type PayoutOrder = {
  readonly destination: Destination
  readonly reference?: string
  readonly metadata?: Metadata
}

export type PayoutRequested = Event<'PayoutRequested', PayoutOrder & { bank: string }>
export type PayoutSent = Event<'PayoutSent', { bankReference?: string }>
export type PayoutSettled = Event<'PayoutSettled'>
export type PayoutFailed = Event<'PayoutFailed', Decline>
/** `settled` tells whether the money had already left, so that the posting can bring it back. */
export type PayoutReturned = Event<'PayoutReturned', Decline & { settled: boolean }>

export type PayoutEvent = PayoutRequested | PayoutSent | PayoutSettled | PayoutFailed | PayoutReturned
