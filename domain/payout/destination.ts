import Type, { type Static } from 'typebox'
import { Text } from '../text.ts'

const closed = { additionalProperties: false } as const

/** Where a payout goes. */
export const DestinationSchema = Type.Union([
  Type.Object(
    {
      type: Type.Literal('bankAccount'),
      token: Text(200),
      bank: Type.Optional(Text(40)),
      last4: Type.Optional(Type.String({ pattern: '^[0-9]{4}$' })),
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('upi'),
      vpa: Type.String({ pattern: '^[A-Za-z0-9._-]{1,255}@[A-Za-z0-9.-]{1,64}$', personal: true }),
    },
    closed,
  ),
  Type.Object({ type: Type.Literal('wallet'), provider: Text(40), token: Text(200) }, closed),
])
export type Destination = Readonly<Static<typeof DestinationSchema>>
