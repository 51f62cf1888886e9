import type { EventOf } from '../event-schema.ts'
import type { paymentSchemas } from './event-schemas.ts'

/** Everything that can have happened to a payment. */
export type PaymentEvent = EventOf<typeof paymentSchemas>
export type PaymentAuthorizationRequested = Extract<PaymentEvent, { type: 'PaymentAuthorizationRequested' }>

/** Why a gateway or a bank said no. */
export type Decline = { readonly code: string; readonly message: string }
