import Type from 'typebox'
import { data, Positive, type Schemas } from '../event-schema.ts'
import { CurrencySchema } from '../money.ts'
import { methodTypes } from '../payment/method.ts'
import { Text } from '../text.ts'

const gateway = Text(40)

/** What a payment in a currency may amount to, both ends included. */
const limit = data({ currency: CurrencySchema, minAmount: Positive, maxAmount: Positive })

/** The data of each type of a gateway's events, by version. */
export const gatewaySchemas = {
  /** Whether the gateway takes new payments from now on. */
  GatewayConfigured: [data({ gateway, enabled: Type.Boolean() })],
  /** All rules for payments by the method, in the place of those before. */
  MethodRulesSet: [
    data({
      gateway,
      method: Type.Enum([...methodTypes]),
      enabled: Type.Boolean(),
      limits: Type.Immutable(Type.Array(limit)),
    }),
  ],
} as const satisfies Schemas
