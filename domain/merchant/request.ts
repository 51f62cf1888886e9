import Type, { type Static } from 'typebox'
import { CurrencySchema } from '../money.ts'
import { MerchantIdSchema, Text } from '../text.ts'

const closed = { additionalProperties: false } as const

export const MerchantBody = Type.Object({ id: MerchantIdSchema, name: Text(200) }, closed)
export type MerchantBody = Readonly<Static<typeof MerchantBody>>

/** Which gateway a merchant's payments go through. */
export const GatewayBody = Type.Object({ gateway: Text(40) }, closed)
export type GatewayBody = Readonly<Static<typeof GatewayBody>>

/** What to settle; all merchants or all currencies where absent. */
export const SettleBody = Type.Object(
  { merchantId: Type.Optional(MerchantIdSchema), currency: Type.Optional(CurrencySchema) },
  closed,
)
export type SettleBody = Readonly<Static<typeof SettleBody>>
