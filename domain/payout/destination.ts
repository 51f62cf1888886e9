import Type, { type Static, type TSchema } from 'typebox'
import { type Form, given, shown, stored } from '../personal.ts'
import { Text, Vpa } from '../text.ts'

const closed = { additionalProperties: false } as const
const Token = Text(200)
const Last4 = Type.String({ pattern: '^[0-9]{4}$' })

const destinations = <P extends TSchema>(personal: Form<P>) =>
  Type.Union([
    Type.Object(
      {
        type: Type.Literal('bankAccount'),
        token: personal(Token),
        bank: Type.Optional(Text(40)),
        last4: Type.Optional(personal(Last4)),
      },
      closed,
    ),
    Type.Object({ type: Type.Literal('upi'), vpa: personal(Vpa) }, closed),
    Type.Object({ type: Type.Literal('wallet'), provider: Text(40), token: personal(Token) }, closed),
  ])

/** Where a payout goes, as clients give it. */
export const DestinationSchema = destinations(given)
/** The same as events and documents have it: what is personal is sealed. */
export const StoredDestinationSchema = destinations(stored)
/** The same as it is shown: what was forgotten is null. */
export const ShownDestinationSchema = destinations(shown)
export type Destination = Readonly<Static<typeof DestinationSchema>>
export type ShownDestination = Readonly<Static<typeof ShownDestinationSchema>>
