import { accept, type Decision, reject } from '../decider.ts'
import { refusedByRules } from '../gateway/rules.ts'
import { present } from '../present.ts'
import type { Authorize } from './command.ts'
import type { PaymentEvent } from './event.ts'

/** Only the intent: the gateway's answer is another event. */
export const authorize = (command: Authorize): Decision<PaymentEvent> => {
  const refused = refusedByRules(command.rules, command.currency, command.amount)
  if (refused !== undefined) return reject(refused)
  return accept({
    type: 'PaymentAuthorizationRequested',
    data: {
      paymentId: command.paymentId,
      merchantId: command.merchantId,
      currency: command.currency,
      gateway: command.gateway,
      amount: command.amount,
      method: command.method,
      capture: command.capture,
      expiresAt: command.expiresAt,
      ...present({
        captureId: command.capture === 'automatic' ? command.captureId : undefined,
        customerId: command.customerId,
        reference: command.reference,
        metadata: command.metadata,
        mandate: command.mandate,
        authentication: command.authentication,
      }),
    },
  })
}
