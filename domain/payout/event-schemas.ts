import Type, { type TProperties } from 'typebox'
import { data, Id, Positive, type Schemas } from '../event-schema.ts'
import { CurrencySchema } from '../money.ts'
import { decline } from '../payment/event-schemas.ts'
import { MerchantIdSchema, MetadataSchema, Text } from '../text.ts'
import { StoredDestinationSchema } from './destination.ts'

const payout = <Members extends TProperties>(members: Members) =>
  data({
    ...members,
    payoutId: Id('po'),
    merchantId: MerchantIdSchema,
    amount: Positive,
    currency: CurrencySchema,
  })

/** What a client asks for; the merchant's reservation repeats it, so that a payout survives a crash between the two. */
export const order = {
  destination: StoredDestinationSchema,
  reference: Type.Optional(Text(200)),
  metadata: Type.Optional(MetadataSchema),
}

/** The data of each type of a payout's events, by version. */
export const payoutSchemas = {
  PayoutRequested: [payout({ ...order, bank: Text(40) })],
  PayoutSent: [payout({ bankReference: Type.Optional(Type.String()) })],
  PayoutSettled: [payout({})],
  PayoutFailed: [payout(decline)],
  /** `settled` tells whether the money had already left, so that the posting can bring it back. */
  PayoutReturned: [payout({ ...decline, settled: Type.Boolean() })],
} as const satisfies Schemas
