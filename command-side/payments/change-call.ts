import { refuseCardData } from '../../http/card-data.ts'
import { tenantOf } from '../acting-merchant.ts'
import { sentOf } from '../idempotency.ts'
import type { Sender } from '../sender.ts'
import type { PaymentCall } from './call.ts'
import { changes, type ChangeType } from './change-commands.ts'

/** What a client sent to a payment, or to a dispute of it. `key` throws a `Problem` where one is needed and missing. */
export type ChangeRequest = {
  readonly type: ChangeType
  readonly body: unknown
  readonly paymentId: string
  readonly disputeId?: string
  readonly key: () => string | undefined
}

/** Makes the call that a request asks for; throws 400 `cardDataRefused`, `invalidRequest`, then whatever `key` throws. */
export const changeCall = (request: ChangeRequest, { principal, traceId }: Sender): PaymentCall => {
  refuseCardData(request.body)
  const { body, command } = changes[request.type](request.body)
  const { type, paymentId, disputeId = '' } = request
  const key = request.key()
  const tenant = tenantOf(principal)
  return {
    paymentId,
    ...(key === undefined ? { fingerprint: '' } : sentOf(type, disputeId || paymentId, body)),
    traceId,
    isRuled: type === 'increment',
    command: (now, rules) => command(now, { paymentId, disputeId, key: key ?? '' }, rules),
    ...(key === undefined ? {} : { key }),
    ...(tenant === undefined ? {} : { tenant }),
  }
}
