import type { DomainEvent } from './event.ts'
import type { Versions } from './event-schema.ts'
import { gatewaySchemas } from './gateway/event-schemas.ts'
import { merchantSchemas } from './merchant/event-schemas.ts'
import { paymentSchemas } from './payment/event-schemas.ts'
import { payoutSchemas } from './payout/event-schemas.ts'
import { projectionSchemas } from './projection/event-schemas.ts'
import { repairSchemas } from './repair/event-schemas.ts'

/** The schemas of each type's data, from version 1 on. */
export const eventSchemas: { readonly [Type in DomainEvent['type']]: Versions } = {
  ...paymentSchemas,
  ...payoutSchemas,
  ...merchantSchemas,
  ...gatewaySchemas,
  ...projectionSchemas,
  ...repairSchemas,
}

/** The version in which events of this type are written today. */
export const currentVersion = (type: DomainEvent['type']): number => eventSchemas[type].length
