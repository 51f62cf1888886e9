import Type, { type Static } from 'typebox'
import { AmountSchema, CurrencySchema } from '../money.ts'
import type { Decline } from '../payment/event.ts'
import { MerchantIdSchema, MetadataSchema, Text } from '../text.ts'
import { DestinationSchema } from './destination.ts'

const closed = { additionalProperties: false } as const

/** What a client sends to have money paid out. */
export const PayoutBody = Type.Object(
  {
    amount: AmountSchema,
    currency: CurrencySchema,
    destination: DestinationSchema,
    reference: Type.Optional(Text(200)),
    metadata: Type.Optional(MetadataSchema),
    merchantId: Type.Optional(MerchantIdSchema),
  },
  closed,
)
export type PayoutBody = Readonly<Static<typeof PayoutBody>>

export const SentBody = Type.Object({ bankReference: Type.Optional(Text(200)) }, closed)
export type SentBody = Readonly<Static<typeof SentBody>>

export const SettledBody = Type.Object({}, closed)
export type SettledBody = Readonly<Static<typeof SettledBody>>

/** Why, in the bank's words: of a payout that failed or came back. */
export const FailureBody = Type.Object({ code: Type.Optional(Text(100)), message: Type.Optional(Text(500)) }, closed)
export type FailureBody = Readonly<Static<typeof FailureBody>>

/** The decline of a failed payout, where the bank left out a code or a message. */
export const failureOf = (body: FailureBody): Decline => ({
  code: body.code ?? 'failed',
  message: body.message ?? 'The bank could not make the payout.',
})

/** The decline of a returned payout, where the bank left out a code or a message. */
export const returnOf = (body: FailureBody): Decline => ({
  code: body.code ?? 'returned',
  message: body.message ?? 'The bank sent the payout back.',
})
