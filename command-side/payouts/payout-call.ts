import { bodyMembers } from '../../domain/personal-members.ts'
import { PayoutBody } from '../../domain/payout/request.ts'
import { present } from '../../domain/present.ts'
import { refuseCardData } from '../../http/card-data.ts'
import { invalidRequest, validator } from '../../http/validate.ts'
import { actingMerchant } from '../acting-merchant.ts'
import { sentOf } from '../idempotency.ts'
import type { Sender } from '../sender.ts'
import { idOf } from '../uuid.ts'
import type { PayoutCall } from './call.ts'

/** Checks a body (400 `cardDataRefused`, `invalidRequest`), then the key, and makes the call that they ask for. */
export type MakePayoutCall = (given: unknown, idempotencyKey: () => string, sender: Sender) => PayoutCall

const check = validator(PayoutBody)

export const makePayoutCall =
  (isCurrency: (code: string) => boolean): MakePayoutCall =>
  (given, idempotencyKey, { principal, traceId }) => {
    refuseCardData(given)
    const body: PayoutBody = check(given)
    const { amount, currency, merchantId: named, destination, reference, metadata } = body
    if (!isCurrency(currency)) {
      throw invalidRequest([{ pointer: '/currency', detail: 'must be a currency of ISO 4217' }])
    }
    const merchantId = actingMerchant(principal, named)
    const key = idempotencyKey()
    const payoutId = idOf('po', merchantId, key)
    return {
      payoutId,
      merchantId,
      key,
      ...sentOf('payout', payoutId, body, bodyMembers.payout),
      traceId,
      amount: BigInt(amount),
      currency,
      order: { destination, ...present({ reference, metadata }) },
    }
  }
