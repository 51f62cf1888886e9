import Type, { type Static } from 'typebox'
import { AmountSchema, CurrencySchema } from '../money.ts'
import { methodTypes } from '../payment/method.ts'
import type { GatewaySettings } from './state.ts'

const closed = { additionalProperties: false } as const

const LimitSchema = Type.Object({ currency: CurrencySchema, minAmount: AmountSchema, maxAmount: AmountSchema }, closed)

/** A gateway's settings as clients see them. */
export const GatewayResourceSchema = Type.Object(
  {
    name: Type.String(),
    enabled: Type.Boolean({ description: 'Whether it takes new payments' }),
    methods: Type.Array(
      Type.Object(
        { method: Type.Enum([...methodTypes]), enabled: Type.Boolean(), limits: Type.Array(LimitSchema) },
        closed,
      ),
      { description: 'Methods for which rules were set; all others are taken as they come' },
    ),
  },
  closed,
)
export type GatewayResource = Readonly<Static<typeof GatewayResourceSchema>>

/** The settings as clients see them, methods in an order that never changes. */
export const gatewayResource = (name: string, { enabled, methods }: GatewaySettings): GatewayResource => ({
  name,
  enabled,
  methods: methodTypes.flatMap((method) => {
    const rules = methods.get(method)
    if (rules === undefined) return []
    const limits = rules.limits.map(({ currency, minAmount, maxAmount }) => ({
      currency,
      minAmount: Number(minAmount),
      maxAmount: Number(maxAmount),
    }))
    return [{ method, enabled: rules.enabled, limits }]
  }),
})
