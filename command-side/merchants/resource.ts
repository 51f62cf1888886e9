import Type, { type Static } from 'typebox'
import { FeeScheduleSchema } from '../../domain/merchant/fees.ts'
import { roles } from '../../domain/merchant/role.ts'
import type { Merchant } from '../../domain/merchant/state.ts'

const closed = { additionalProperties: false } as const
const RoleSchema = Type.Enum([...roles])

/** What a key is to be for: a merchant's own when absent. */
export const KeyBody = Type.Object({ role: Type.Optional(RoleSchema) }, closed)
export type KeyBody = Readonly<Static<typeof KeyBody>>

/** A key as its issuer sees it, once. */
export const IssuedKeySchema = Type.Object(
  { keyId: Type.String(), role: RoleSchema, key: Type.String({ description: 'Shown this once and kept nowhere' }) },
  closed,
)
export type IssuedKey = Readonly<Static<typeof IssuedKeySchema>>

/** A merchant as clients see it. */
export const MerchantResourceSchema = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    fees: FeeScheduleSchema,
    gateway: Type.String({ description: 'Where its payments go: the default of the house unless it was set' }),
    keys: Type.Array(Type.Object({ id: Type.String(), role: RoleSchema, revoked: Type.Boolean() }, closed)),
    createdAt: Type.String({ format: 'date-time' }),
  },
  closed,
)
export type MerchantResource = Readonly<Static<typeof MerchantResourceSchema>>

/** The merchant as clients see it, members in the order of the schema. */
export const merchantResource = (merchant: Merchant, defaultGateway: string): MerchantResource => ({
  id: merchant.id,
  name: merchant.name,
  fees: merchant.fees,
  gateway: merchant.gateway || defaultGateway,
  keys: [...merchant.keys.values()].map(({ id, role, revoked }) => ({ id, role, revoked })),
  createdAt: merchant.createdAt,
})
