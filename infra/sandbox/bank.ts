import type { Bank, BankOrder, BankOutcome } from '../../command-side/payouts/bank.ts'
import type { GatewayOperation } from '../../command-side/gateway.ts'
import type { GatewayOutcome } from '../../domain/payment/command.ts'
import type { ShownMethod } from '../../domain/payment/method.ts'
import type { ShownDestination } from '../../domain/payout/destination.ts'
import { present } from '../../domain/present.ts'
import { sandboxGateway } from './gateway.ts'

/**
 * A bank that pays nothing and does what the destination's test token says, in the sandbox gateway's words
 * (docs/SANDBOX.md): sends at once unless told otherwise. It remembers nothing, so `lookup` is right after any crash.
 */
export const sandboxBank = ({ latencyMs }: { readonly latencyMs: number }): Bank => {
  const gateway = sandboxGateway({ latencyMs })
  return {
    name: 'sandbox',
    send: async (order, signal) => outcomeOf(await gateway.authorize(operationOf(order), signal)),
    lookup: async (order, signal) => {
      const found = await gateway.lookup(operationOf(order), signal)
      return found.type === 'approved' || found.type === 'declined' ? outcomeOf(found) : found
    },
  }
}

const operationOf = ({ payoutId, amount, currency, destination }: BankOrder): GatewayOperation => ({
  operation: 'authorization',
  reference: payoutId,
  paymentId: payoutId,
  amount,
  currency,
  method: methodOf(destination),
  capture: 'automatic',
})

/** The method that carries its instructions where the destination does. */
const methodOf = (destination: ShownDestination): ShownMethod =>
  destination.type === 'upi' ? destination : { type: 'qr', ...present({ token: destination.token ?? undefined }) }

const outcomeOf = (outcome: GatewayOutcome): BankOutcome => {
  if (outcome.type === 'declined') return { type: 'failed', code: outcome.code, message: outcome.message }
  const { gatewayReference } = outcome
  return gatewayReference === undefined ? { type: 'sent' } : { type: 'sent', bankReference: gatewayReference }
}
