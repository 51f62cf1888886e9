import Type, { type Static } from 'typebox'
import { DeclineSchema } from '../payment/resource-schema.ts'
import { forgotten } from '../personal.ts'
import { present } from '../present.ts'
import { MetadataSchema } from '../text.ts'
import { type Destination, ShownDestinationSchema } from './destination.ts'
import { type Payout, payoutStatuses } from './state.ts'

/** A payout as clients see it. */
export const PayoutResourceSchema = Type.Object(
  {
    id: Type.String({ pattern: '^po_[0-9a-f]{32}$' }),
    merchantId: Type.String(),
    status: Type.Enum(payoutStatuses),
    amount: Type.Integer({ minimum: 1, description: 'Minor units' }),
    currency: Type.String(),
    destination: ShownDestinationSchema,
    reference: Type.Union([Type.String(), Type.Null()]),
    metadata: MetadataSchema,
    decline: Type.Optional(DeclineSchema),
    createdAt: Type.String({ format: 'date-time' }),
    updatedAt: Type.String({ format: 'date-time' }),
    revision: Type.Integer({ minimum: 0, description: 'Also the ETag' }),
    ...forgotten,
  },
  { additionalProperties: false },
)
/** The same before anything of it is opened or left out. */
export type PayoutResource = Readonly<Omit<Static<typeof PayoutResourceSchema>, 'destination' | 'forgotten'>> & {
  readonly destination: Destination
}

/** The payout as clients see it, members in the order of the contract. */
export const payoutResource = (payout: Payout): PayoutResource => ({
  id: payout.id,
  merchantId: payout.merchantId,
  status: payout.status,
  amount: Number(payout.amount),
  currency: payout.currency,
  destination: payout.destination,
  reference: payout.reference ?? null,
  metadata: payout.metadata,
  ...present({ decline: payout.decline }),
  createdAt: payout.createdAt,
  updatedAt: payout.updatedAt,
  revision: payout.revision,
})

/**
 * A payout on which `evolvePayout` goes on as on the one that the resource was made of. Which bank it was and what the
 * bank called it are not in the resource; folding doesn't ask for them.
 */
export const payoutFromResource = (resource: PayoutResource): Payout => ({
  id: resource.id,
  merchantId: resource.merchantId,
  status: resource.status,
  amount: BigInt(resource.amount),
  currency: resource.currency,
  destination: resource.destination,
  bank: '',
  metadata: resource.metadata,
  createdAt: resource.createdAt,
  updatedAt: resource.updatedAt,
  revision: resource.revision,
  ...present({ reference: resource.reference ?? undefined, decline: resource.decline }),
})
