import { bodyMembers } from '../../domain/personal-members.ts'
import { AuthorizeBody } from '../../domain/payment/request.ts'
import { refuseCardData } from '../../http/card-data.ts'
import { invalidRequest, validator } from '../../http/validate.ts'
import { actingMerchant } from '../acting-merchant.ts'
import { sentOf } from '../idempotency.ts'
import type { Sender } from '../sender.ts'
import { idOf } from '../uuid.ts'
import type { AuthorizeCall } from './call.ts'

/**
 * Makes the call that a body asks for; throws 400 `cardDataRefused`, `invalidRequest`, 403 `forbidden`, then whatever
 * `key` throws.
 */
export type MakeAuthorizeCall = (body: unknown, key: () => string, sender: Sender) => AuthorizeCall

const check = validator(AuthorizeBody)

/** `authorizationTtlMs`: how long an authorization stands before it lapses. */
export const authorizeCalls =
  (settings: {
    readonly isCurrency: (code: string) => boolean
    readonly authorizationTtlMs: number
  }): MakeAuthorizeCall =>
  (given, readKey, { principal, traceId }) => {
    refuseCardData(given)
    const body: AuthorizeBody = check(given)
    const { capture = 'automatic', amount, currency, method, merchantId: named, ...rest } = body
    if (!settings.isCurrency(currency)) {
      throw invalidRequest([{ pointer: '/currency', detail: 'must be a currency of ISO 4217' }])
    }
    const merchantId = actingMerchant(principal, named)
    const key = readKey()
    const paymentId = idOf('pay', merchantId, key)
    return {
      paymentId,
      merchantId,
      key,
      ...sentOf('authorize', paymentId, body, bodyMembers.authorize),
      traceId,
      method: method.type,
      command: (now, gateway, rules) => ({
        type: 'authorize',
        now,
        paymentId,
        captureId: idOf('cap', paymentId, key),
        merchantId,
        amount: BigInt(amount),
        currency,
        method,
        capture,
        gateway,
        rules,
        expiresAt: new Date(Date.parse(now) + settings.authorizationTtlMs).toISOString(),
        ...rest,
      }),
    }
  }
