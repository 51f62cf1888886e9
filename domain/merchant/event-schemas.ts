import Type from 'typebox'
import { data, Id, NotNegative, Positive, PositionSchema, Signed, type Schemas } from '../event-schema.ts'
import { CurrencySchema } from '../money.ts'
import { order } from '../payout/event-schemas.ts'
import { MerchantIdSchema, Text } from '../text.ts'
import { FeeScheduleSchema } from './fees.ts'
import { roles } from './role.ts'

const merchantId = MerchantIdSchema
const KeyId = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' })

/** The data of each type of a merchant's events, by version. */
export const merchantSchemas = {
  MerchantRegistered: [data({ merchantId, name: Text(200) })],
  FeeScheduleSet: [data({ merchantId, fees: FeeScheduleSchema })],
  GatewayPreferenceSet: [data({ merchantId, gateway: Text(40) })],
  /** `hash` is the SHA-256 of the key's secret in hex; the secret itself is shown once and kept nowhere. */
  ApiKeyIssued: [
    data({
      merchantId,
      keyId: KeyId,
      hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
      role: Type.Enum([...roles]),
    }),
  ],
  ApiKeyRevoked: [data({ merchantId, keyId: KeyId })],

  /** One run's result for a merchant and currency: all postings to its pending account after `from`, up to `to`. */
  SettlementRecorded: [
    data({
      merchantId,
      settlementId: Id('st'),
      currency: CurrencySchema,
      gross: NotNegative,
      refunds: NotNegative,
      /** Opened less won. */
      disputes: Signed,
      fees: NotNegative,
      /** gross − refunds − disputes − fees; may be negative. */
      net: Signed,
      /** How many payments have a posting in it. */
      payments: Type.Integer({ minimum: 0 }),
      from: PositionSchema,
      to: PositionSchema,
    }),
  ],
  PayoutReserved: [data({ merchantId, payoutId: Id('po'), amount: Positive, currency: CurrencySchema, ...order })],
  /**
   * The keys of what was sealed for a subject were destroyed after this: of all payments of a customer, or of one payment
   * or payout. `transactions` is how many of them still had a key; `by` names who asked, as far as the house knows.
   */
  PersonalDataForgotten: [
    data({
      merchantId,
      subject: data({ type: Type.Enum(['customer', 'payment', 'payout']), id: Text(100) }),
      transactions: Type.Integer({ minimum: 0 }),
      reason: Text(500),
      by: Text(100),
    }),
  ],
  /** A failed or returned payout gives its reservation back. */
  PayoutReleased: [data({ merchantId, payoutId: Id('po'), amount: Positive, currency: CurrencySchema })],
} as const satisfies Schemas
