import Type, { type Static, type TSchema } from 'typebox'
import { type Form, given, shown, stored } from '../personal.ts'
import { Name, Text, Vpa } from '../text.ts'

const closed = { additionalProperties: false } as const
const Token = Text(200, {
  description: 'What the vault or the gateway returned for the instrument; never a card number',
})
const Last4 = Type.String({ pattern: '^[0-9]{4}$' })
const Bin = Type.String({ pattern: '^[0-9]{6,8}$' })
const Funding = Type.Enum(['credit', 'debit', 'prepaid'])

const upi = <P extends TSchema>(personal: Form<P>) =>
  Type.Object(
    {
      type: Type.Literal('upi'),
      flow: Type.Optional(Type.Enum(['pay', 'collect'], { description: 'pay when absent' })),
      vpa: personal(Vpa),
      name: Type.Optional(personal(Name)),
    },
    closed,
  )
const card = <P extends TSchema>(personal: Form<P>) =>
  Type.Object(
    {
      type: Type.Literal('card'),
      token: Token,
      bin: Type.Optional(Bin),
      last4: Type.Optional(Last4),
      network: Type.Optional(Text(40)),
      funding: Type.Optional(Funding),
      expiryMonth: Type.Optional(Type.Integer({ minimum: 1, maximum: 12 })),
      expiryYear: Type.Optional(Type.Integer({ minimum: 2000, maximum: 2100 })),
      name: Type.Optional(personal(Name)),
    },
    closed,
  )
const Wallet = Type.Object(
  {
    type: Type.Literal('wallet'),
    provider: Text(40, { description: 'paytm, phonepe, googlepay, amazonpay, or another name' }),
    token: Type.Optional(Token),
  },
  closed,
)
const netbanking = <P extends TSchema>(personal: Form<P>) =>
  Type.Object(
    {
      type: Type.Literal('netbanking'),
      bank: Text(40),
      token: Type.Optional(Token),
      name: Type.Optional(personal(Name)),
    },
    closed,
  )
const Qr = Type.Object(
  { type: Type.Literal('qr'), qrId: Type.Optional(Text(100)), token: Type.Optional(Token) },
  closed,
)
const Bnpl = Type.Object({ type: Type.Literal('bnpl'), provider: Text(40), token: Type.Optional(Token) }, closed)
const Emi = Type.Object(
  {
    type: Type.Literal('emi'),
    token: Token,
    installments: Type.Integer({ minimum: 2, maximum: 60 }),
    bank: Type.Optional(Text(40)),
    bin: Type.Optional(Bin),
    last4: Type.Optional(Last4),
    funding: Type.Optional(Funding),
  },
  closed,
)

const methods = <P extends TSchema>(personal: Form<P>) =>
  Type.Union([upi(personal), card(personal), Wallet, netbanking(personal), Qr, Bnpl, Emi])

/** The ways to pay, one variant each, told apart by `type`, as clients give them. Tokens only. */
export const MethodSchema = methods(given)
/** The same as events and documents have them: what is personal is sealed. */
export const StoredMethodSchema = methods(stored)
/** The same as they are shown: what was forgotten is null. */
export const ShownMethodSchema = methods(shown)
export type Method = Readonly<Static<typeof MethodSchema>>
export type ShownMethod = Readonly<Static<typeof ShownMethodSchema>>
export type MethodType = Method['type']
export const methodTypes: readonly MethodType[] = ['upi', 'card', 'wallet', 'netbanking', 'qr', 'bnpl', 'emi']

/** The mandate under which a subscription's charge is made. */
export const MandateSchema = Type.Object(
  { reference: Text(100), sequence: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })) },
  closed,
)
export type Mandate = Readonly<Static<typeof MandateSchema>>

/** How the payer proved to be the payer. */
export const AuthenticationSchema = Type.Object(
  { type: Type.Enum(['biometric', 'threeDSecure', 'otp', 'pin', 'none']), reference: Type.Optional(Text(200)) },
  closed,
)
export type Authentication = Readonly<Static<typeof AuthenticationSchema>>
