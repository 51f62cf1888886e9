import Type, { type Static } from 'typebox'
import { AmountSchema, CurrencySchema } from '../money.ts'

const closed = { additionalProperties: false } as const

/** A gateway's configuration. */
export const GatewayConfigBody = Type.Object(
  { enabled: Type.Boolean({ description: 'Whether it takes new payments' }) },
  closed,
)
export type GatewayConfigBody = Readonly<Static<typeof GatewayConfigBody>>

/** All rules for a method: what is left out is not limited. */
export const MethodRulesBody = Type.Object(
  {
    enabled: Type.Boolean({ description: 'Whether new payments by this method are taken' }),
    limits: Type.Optional(
      Type.Array(
        Type.Object(
          {
            currency: CurrencySchema,
            minAmount: Type.Optional(AmountSchema),
            maxAmount: Type.Optional(AmountSchema),
          },
          closed,
        ),
        { maxItems: 200, description: 'One for a currency at most; any amount of the others is taken' },
      ),
    ),
  },
  closed,
)
export type MethodRulesBody = Readonly<Static<typeof MethodRulesBody>>
