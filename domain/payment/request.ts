import Type, { type Static } from 'typebox'
import { AmountSchema, CurrencySchema } from '../money.ts'
import { MerchantIdSchema, MetadataSchema, Text } from '../text.ts'
import { AuthenticationSchema, MandateSchema, MethodSchema } from './method.ts'

const closed = { additionalProperties: false } as const

/** What a client sends to make a payment. */
export const AuthorizeBody = Type.Object(
  {
    amount: AmountSchema,
    currency: CurrencySchema,
    method: MethodSchema,
    capture: Type.Optional(Type.Enum(['automatic', 'manual'], { description: 'automatic when absent' })),
    customerId: Type.Optional(Text(100)),
    reference: Type.Optional(Text(200)),
    metadata: Type.Optional(MetadataSchema),
    mandate: Type.Optional(MandateSchema),
    authentication: Type.Optional(AuthenticationSchema),
    merchantId: Type.Optional(MerchantIdSchema),
  },
  closed,
)
export type AuthorizeBody = Readonly<Static<typeof AuthorizeBody>>

export const CaptureBody = Type.Object(
  {
    amount: Type.Optional(AmountSchema),
    final: Type.Optional(Type.Boolean({ description: 'true releases what is left; false when absent' })),
  },
  closed,
)
export type CaptureBody = Readonly<Static<typeof CaptureBody>>

export const VoidBody = Type.Object({}, closed)
export type VoidBody = Readonly<Static<typeof VoidBody>>

/** `amount` is the new total. */
export const IncrementBody = Type.Object({ amount: AmountSchema }, closed)
export type IncrementBody = Readonly<Static<typeof IncrementBody>>

export const RefundBody = Type.Object({ amount: Type.Optional(AmountSchema), reason: Type.Optional(Text(500)) }, closed)
export type RefundBody = Readonly<Static<typeof RefundBody>>

export const ExpireBody = Type.Object({}, closed)
export type ExpireBody = Readonly<Static<typeof ExpireBody>>

export const DisputeBody = Type.Object(
  { amount: Type.Optional(AmountSchema), reason: Text(500), reference: Type.Optional(Text(200)) },
  closed,
)
export type DisputeBody = Readonly<Static<typeof DisputeBody>>

/** Of a dispute won or lost. */
export const CloseDisputeBody = Type.Object({}, closed)
export type CloseDisputeBody = Readonly<Static<typeof CloseDisputeBody>>
