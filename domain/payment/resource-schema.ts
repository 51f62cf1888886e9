import Type, { type Static } from 'typebox'
import { forgotten } from '../personal.ts'
import { MetadataSchema } from '../text.ts'
import { AuthenticationSchema, MandateSchema, type Method, ShownMethodSchema } from './method.ts'
import { paymentStatuses } from './status.ts'

const closed = { additionalProperties: false } as const

const Minor = (description: string) => Type.Integer({ minimum: 0, description: `Minor units; ${description}` })
const Timestamp = (options: Record<string, unknown> = {}) => Type.String({ format: 'date-time', ...options })

/** Why a gateway or a bank said no. */
export const DeclineSchema = Type.Object({ code: Type.String(), message: Type.String() }, closed)

/** One capture, refund or void of a payment. */
export const OperationResourceSchema = Type.Object(
  {
    id: Type.String(),
    amount: Minor('pending entries count against every limit'),
    status: Type.Enum(['pending', 'succeeded', 'failed']),
    createdAt: Timestamp(),
    reason: Type.Optional(Type.String({ description: 'Refunds only' })),
    decline: Type.Optional(DeclineSchema),
  },
  closed,
)
export type OperationResource = Readonly<Static<typeof OperationResourceSchema>>

export const DisputeResourceSchema = Type.Object(
  {
    id: Type.String(),
    amount: Minor('what the dispute is about'),
    status: Type.Enum(['open', 'won', 'lost']),
    reason: Type.String(),
    reference: Type.Optional(Type.String()),
    createdAt: Timestamp(),
  },
  closed,
)
export type DisputeResource = Readonly<Static<typeof DisputeResourceSchema>>

/** A payment as clients see it. */
export const PaymentResourceSchema = Type.Object(
  {
    id: Type.String({ pattern: '^pay_[0-9a-f]{32}$' }),
    merchantId: Type.String(),
    status: Type.Enum(paymentStatuses),
    amount: Minor('asked for in all, follows increments'),
    currency: Type.String(),
    authorized: Minor('ever authorized, never falls'),
    captured: Minor('sum of succeeded captures'),
    refunded: Minor('sum of succeeded refunds'),
    voided: Minor('released by voids and final captures'),
    expired: Minor('released by expiry'),
    disputed: Minor('open and lost disputes'),
    method: ShownMethodSchema,
    gateway: Type.String(),
    customerId: Type.Union([Type.String(), Type.Null()]),
    reference: Type.Union([Type.String(), Type.Null()]),
    metadata: MetadataSchema,
    decline: Type.Optional(DeclineSchema),
    mandate: Type.Optional(MandateSchema),
    authentication: Type.Optional(AuthenticationSchema),
    captures: Type.Array(OperationResourceSchema),
    refunds: Type.Array(OperationResourceSchema),
    voids: Type.Array(OperationResourceSchema),
    disputes: Type.Array(DisputeResourceSchema),
    expiresAt: Type.Union([
      Timestamp({ description: 'When what is authorized and not captured lapses; null when there is no such thing' }),
      Type.Null(),
    ]),
    createdAt: Timestamp(),
    updatedAt: Timestamp(),
    revision: Type.Integer({ minimum: 0, description: 'Also the ETag' }),
    ...forgotten,
  },
  closed,
)
/** The same before anything of it is opened or left out. */
export type PaymentResource = Readonly<Omit<Static<typeof PaymentResourceSchema>, 'method' | 'forgotten'>> & {
  readonly method: Method
}
