import type { EventOf } from '../event-schema.ts'
import type { merchantSchemas } from './event-schemas.ts'

/** Everything that can have happened to a merchant. */
export type MerchantEvent = EventOf<typeof merchantSchemas>
export type SettlementRecorded = Extract<MerchantEvent, { type: 'SettlementRecorded' }>
export type PayoutReserved = Extract<MerchantEvent, { type: 'PayoutReserved' }>
