import { randomUUID } from 'node:crypto'
import { anyPayment } from '../../domain/gateway/rules.ts'
import { decidePayment } from '../../domain/payment/decide.ts'
import { Problem } from '../../http/problem.ts'
import type { Answer } from '../answer.ts'
import type { GatewayCache } from '../gateway-settings/gateway-cache.ts'
import { inTurn } from '../in-turn.ts'
import { refusal } from '../refusal.ts'
import { isId } from '../uuid.ts'
import type { Recorded } from './answer-of.ts'
import { appendToPayment, type Signature } from './append.ts'
import type { AuthorizeCall, PaymentCall } from './call.ts'
import { finish, type FinishTools } from './finish.ts'
import { operationOf } from './operation.ts'
import { maxAttempts } from './record-outcome.ts'
import { replayOf } from './replay.ts'
import { foldPayment, readPayment } from './stream.ts'

/**
 * Takes commands on payments: decides, records the intent, has the gateway do it, records the outcome. Throws a
 * `Problem` for what is refused; everything that was recorded is an answer, and the same one at every repetition.
 */
export type Payments = {
  authorize(call: AuthorizeCall): Promise<Answer>
  /** A command on a payment that is there. */
  change(call: PaymentCall): Promise<Answer>
}

export const createPayments = (
  given: Omit<FinishTools, 'turns'> & { readonly gatewayCache: Pick<GatewayCache, 'rulesOf'> },
): Payments => {
  const turns = inTurn()
  const tools = { ...given, turns }
  const { store, merchants, gateways, gatewayCache, clock, openCalls } = tools

  const begin = async (call: PaymentCall, callId: string): Promise<Answer | Recorded> => {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const events = await readPayment(store, call.paymentId)
      const payment = foldPayment(events)
      if (payment === undefined) throw refusal('paymentNotFound')
      if (call.tenant !== undefined && call.tenant !== payment.merchantId) throw refusal('paymentNotFound')

      const replayed = replayOf(events, call, openCalls.isOpen)
      if (replayed !== undefined) return replayed

      call.precondition?.(payment.revision)
      const now = new Date(clock()).toISOString()
      const { gateway, method } = payment
      const rules = call.isRuled ? await gatewayCache.rulesOf(gateway, method.type) : anyPayment
      const decision = decidePayment(call.command(now, rules), payment)
      if (decision.type === 'rejected') throw refusal(decision.rejection)
      const decided = decision.events
      const forGateway = decided.some((event) => operationOf(event, payment) !== undefined)
      if (forGateway && !gateways.has(payment.gateway)) throw gatewayUnavailable(payment.gateway)
      const signature = signatureOf(call, payment.merchantId, callId)
      const recorded = await appendToPayment(store, payment.id, payment, decided, signature, now)
      if (recorded !== undefined) return recorded
    }
    throw new Problem(409, 'conflict', 'The payment kept changing; try again', { headers: { 'Retry-After': '1' } })
  }

  return {
    authorize: async (call) => {
      const callId = randomUUID()
      const gateway = await merchants.gatewayOf(call.merchantId)
      const rules = await gatewayCache.rulesOf(gateway, call.method)
      const now = new Date(clock()).toISOString()
      const decision = decidePayment(call.command(now, gateway, rules), undefined)
      if (gateways.has(gateway) && decision.type === 'accepted') {
        const signature = signatureOf(call, call.merchantId, callId)
        const intent = await appendToPayment(store, call.paymentId, undefined, decision.events, signature, now)
        if (intent !== undefined) return await finish(tools, intent, callId)
      }
      // What was answered once is answered so again, whatever has become of the gateway and its rules.
      const replayed = replayOf(await readPayment(store, call.paymentId), call, openCalls.isOpen)
      if (replayed !== undefined) return replayed
      throw decision.type === 'rejected' ? refusal(decision.rejection) : gatewayUnavailable(gateway)
    },
    change: async (call) => {
      if (!isId('pay', call.paymentId)) throw refusal('paymentNotFound')
      const callId = randomUUID()
      const begun = await turns(call.paymentId, () => begin(call, callId))
      return 'payment' in begun ? await finish(tools, begun, callId) : begun
    },
  }
}

const gatewayUnavailable = (gateway: string): Problem =>
  new Problem(503, 'gatewayUnavailable', `There is no gateway ${gateway} at this time`, {
    headers: { 'Retry-After': '60' },
  })

// The call's own id is part of it: a second call with the same key must find the stream taken, not its events written.
const signatureOf = (call: PaymentCall | AuthorizeCall, merchantId: string, callId: string): Signature => ({
  commandKey: `${callId} intent`,
  metadata: {
    merchantId,
    traceId: call.traceId,
    ...(call.key === undefined ? {} : { key: call.key, fingerprint: call.fingerprint }),
  },
})
