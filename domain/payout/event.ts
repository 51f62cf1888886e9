import type { EventOf } from '../event-schema.ts'
import type { payoutSchemas } from './event-schemas.ts'

/** Everything that can have happened to a payout. */
export type PayoutEvent = EventOf<typeof payoutSchemas>
export type PayoutRequested = Extract<PayoutEvent, { type: 'PayoutRequested' }>

/** What a client asks for. */
export type PayoutOrder = Pick<PayoutRequested['data'], 'destination' | 'reference' | 'metadata'>
