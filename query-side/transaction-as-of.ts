import { paymentStream, payoutStream, type RecordedEvent } from '../domain/event.ts'
import { isPaymentEvent, isPayoutEvent } from '../domain/event-types.ts'
import { evolvePayment } from '../domain/payment/evolve.ts'
import { paymentResource } from '../domain/payment/resource.ts'
import type { PaymentState } from '../domain/payment/state.ts'
import { evolvePayout } from '../domain/payout/evolve.ts'
import { payoutResource } from '../domain/payout/resource.ts'
import type { PayoutState } from '../domain/payout/state.ts'
import { type Position, sequenceIn } from '../domain/position.ts'
import type { History } from './history.ts'

/** A payment or payout as it was; `document` is its JSON text. */
export type PastTransaction = {
  readonly merchantId: string
  readonly status: string
  readonly revision: number
  readonly document: string
}

export type TransactionKind = 'payment' | 'payout'

const shown = (resource: { readonly merchantId: string; readonly status: string; readonly revision: number }) => ({
  merchantId: resource.merchantId,
  status: resource.status,
  revision: resource.revision,
  document: JSON.stringify(resource),
})

const payment = (events: readonly RecordedEvent[]): PastTransaction | undefined => {
  const state = events.filter(isPaymentEvent).reduce<PaymentState>(evolvePayment, undefined)
  return state === undefined ? undefined : shown(paymentResource(state))
}

const payout = (events: readonly RecordedEvent[]): PastTransaction | undefined => {
  const state = events.filter(isPayoutEvent).reduce<PayoutState>(evolvePayout, undefined)
  return state === undefined ? undefined : shown(payoutResource(state))
}

/** Those of a stream's events that a position has come to. */
export const upTo = (events: readonly RecordedEvent[], position: Position): readonly RecordedEvent[] =>
  events.filter(({ log, sequence }) => sequence <= sequenceIn(position, log))

/** A stream's events folded; undefined where there are none. */
export const folded = (kind: TransactionKind, events: readonly RecordedEvent[]): PastTransaction | undefined => {
  switch (kind) {
    case 'payment':
      return payment(events)
    case 'payout':
      return payout(events)
  }
}

const streamOf = { payment: paymentStream, payout: payoutStream } as const

/** The stream folded up to the position; undefined where it had not begun. */
export const transactionAsOf = async (
  history: Pick<History, 'readStream'>,
  kind: TransactionKind,
  id: string,
  position: Position,
): Promise<PastTransaction | undefined> => folded(kind, upTo(await history.readStream(streamOf[kind](id)), position))
