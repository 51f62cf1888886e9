import type { GatewayOutcome } from '../../domain/payment/command.ts'
import { decidePayment } from '../../domain/payment/decide.ts'
import type { Payment, PaymentState } from '../../domain/payment/state.ts'
import type { EventStore } from '../event-store.ts'
import type { GatewayOperation } from '../gateway.ts'
import type { Merchants } from '../merchants.ts'
import type { Recorded } from './answer-of.ts'
import { appendToPayment, type Signature } from './append.ts'
import { foldPayment, readPayment } from './stream.ts'

/** What it takes to work on payments. `clock` gives milliseconds since 1970. */
export type PaymentTools = {
  readonly store: EventStore
  readonly merchants: Merchants
  readonly clock: () => number
}

/** How often a decision is made anew because the stream has moved on. */
export const maxAttempts = 10

/**
 * Puts into the log what the gateway said to an operation. Undefined when that is there already, or when the payment
 * moved on too often: then the operation stays open and is looked up later.
 */
export const recordOutcome = async (
  { store, merchants, clock }: PaymentTools,
  payment: Payment,
  { operation, reference: operationId }: GatewayOperation,
  outcome: GatewayOutcome,
  signature: Signature,
): Promise<Recorded | undefined> => {
  const fees = await merchants.feesOf(payment.merchantId)
  let state: PaymentState = payment
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const now = new Date(clock()).toISOString()
    const decision = decidePayment({ type: 'recordOutcome', now, operation, operationId, outcome, fees }, state)
    if (decision.type === 'rejected') return undefined
    const recorded = await appendToPayment(store, payment.id, state, decision.events, signature, now)
    if (recorded !== undefined) return recorded
    state = foldPayment(await readPayment(store, payment.id))
  }
  return undefined
}
