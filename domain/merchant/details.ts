import type { DomainEvent } from '../event.ts'
import type { MerchantEvent } from './event.ts'
import type { Merchant } from './state.ts'

/** What is known of a merchant beside its money: little, and seldom changed. */
export type MerchantDetails = Pick<Merchant, 'id' | 'name' | 'registered' | 'fees' | 'gateway' | 'keys' | 'createdAt'>

/** The details of a merchant. */
export const detailsOf = ({
  id,
  name,
  registered,
  fees,
  gateway,
  keys,
  createdAt,
}: MerchantDetails): MerchantDetails => ({
  id,
  name,
  registered,
  fees,
  gateway,
  keys,
  createdAt,
})

// Written out so that the compiler misses none.
const concerned: { readonly [Type in MerchantEvent['type']]: boolean } = {
  MerchantRegistered: true,
  FeeScheduleSet: true,
  GatewayPreferenceSet: true,
  ApiKeyIssued: true,
  ApiKeyRevoked: true,
  SettlementRecorded: false,
  PayoutReserved: false,
  PayoutReleased: false,
  PersonalDataForgotten: false,
}
const byType: ReadonlyMap<string, boolean> = new Map(Object.entries(concerned))

/** Whether an event changes a merchant's details. */
export const changesDetails = <E extends DomainEvent>(event: E): event is E & MerchantEvent =>
  byType.get(event.type) === true
