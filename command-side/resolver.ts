import type { GatewayOutcome } from '../domain/payment/command.ts'
import type { Payment } from '../domain/payment/state.ts'
import { type UnresolvedOperation, unresolvedOperations } from '../domain/payment/unresolved.ts'
import { eachOf, forThisRound } from './each-of.ts'
import type { GatewayLookup } from './gateway.ts'
import type { Gateways, Unknown } from './gateways.ts'
import type { Logger } from './logger.ts'
import type { Round } from './loop.ts'
import { gatewayOperation } from './payments/operation.ts'
import { type PaymentTools, recordOutcome } from './payments/record-outcome.ts'
import { foldPayment, readPayment } from './payments/stream.ts'
import type { WorkList } from './work-list.ts'

/**
 * Finds what gateways made of operations that got no answer, and records it. `openForMs`: how long after its intent a
 * call may still record an outcome itself, and be on its way to the gateway.
 */
export const resolveRound = (
  tools: PaymentTools & {
    readonly gateways: Gateways
    readonly workList: WorkList
    readonly logger: Logger
    readonly openForMs: number
  },
): Round => {
  const { store, gateways, workList, logger, clock, openForMs } = tools

  const resolve = async (payment: Payment, operation: UnresolvedOperation): Promise<void> => {
    const asked = gatewayOperation(payment, operation)
    const outcome = outcomeOf(await gateways.lookup(payment.gateway, asked))
    if (outcome === undefined) return
    const { merchantId } = payment
    const signature = { commandKey: `resolver ${asked.reference}`, metadata: { merchantId, cause: 'resolver' } }
    await recordOutcome(tools, payment, asked, outcome, signature)
  }

  const resolvePayment = async (paymentId: string, olderThan: string): Promise<void> => {
    const payment = foldPayment(await readPayment(store, paymentId))
    if (payment === undefined) return
    for (const operation of unresolvedOperations(payment)) {
      if (operation.since < olderThan) await resolve(payment, operation)
    }
  }

  return async (signal) => {
    const olderThan = new Date(clock() - openForMs).toISOString()
    const paymentIds = await forThisRound((limit) => workList.unresolvedPayments(olderThan, limit))
    await eachOf(paymentIds, (paymentId) => resolvePayment(paymentId, olderThan), signal, logger)
  }
}

const outcomeOf = (found: GatewayLookup | Unknown): GatewayOutcome | undefined => {
  switch (found.type) {
    case 'approved':
    case 'declined':
      return found
    case 'notFound':
      return { type: 'declined', code: 'notReceived', message: 'The gateway never received it' }
    case 'pending':
    case 'unknown':
      return undefined
  }
}
