import type { EventOf } from '../event-schema.ts'
import type { merchantSchemas } from './event-schemas.ts'

/** Everything that can have happened to a merchant. */
export type MerchantEvent = EventOf<typeof merchantSchemas>
export type SettlementRecorded = Extract<MerchantEvent, { type: 'SettlementRecorded' }>
export type PersonalDataForgotten = Extract<MerchantEvent, { type: 'PersonalDataForgotten' }>
/** Whose personal data is forgotten: all that a merchant has of a customer, or what one transaction has. */
export type Subject = Readonly<PersonalDataForgotten['data']['subject']>
export type PayoutReserved = Extract<MerchantEvent, { type: 'PayoutReserved' }>
