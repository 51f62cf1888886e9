import type { ReservePayout, Settle } from '../merchant/command.ts'
import type { MerchantEvent, SettlementRecorded } from '../merchant/event.ts'
import { evolveMerchant, initialMerchant } from '../merchant/evolve.ts'
import { house, type Role } from '../merchant/role.ts'
import type { Merchant } from '../merchant/state.ts'
import { secondsLater } from './payments.ts'

const common = { merchantId: '1042' } as const
const destination = { type: 'upi', vpa: 'shop@okbank' } as const

export const foldMerchant = (events: readonly MerchantEvent[]): Merchant =>
  events.reduce(
    (merchant, event, index) => evolveMerchant(merchant, { ...event, recordedAt: secondsLater(index) }),
    initialMerchant,
  )

export const registered: MerchantEvent = { type: 'MerchantRegistered', data: { ...common, name: 'Asha’s shop' } }
export const houseRegistered: MerchantEvent = {
  type: 'MerchantRegistered',
  data: { merchantId: house, name: 'Daybook' },
}

export const keyIssued = (keyId: string, role: Role = 'merchant'): MerchantEvent => ({
  type: 'ApiKeyIssued',
  data: { ...common, keyId, hash: 'ab'.repeat(32), role },
})
export const keyRevoked = (keyId: string): MerchantEvent => ({ type: 'ApiKeyRevoked', data: { ...common, keyId } })

const unsettled = {
  merchantId: '1042',
  currency: 'INR',
  gross: 1000n,
  refunds: 100n,
  disputes: 50n,
  fees: 20n,
  payments: 3,
  from: '0',
  to: '40',
} as const
export const settleCommand: Settle = { type: 'settle', now: secondsLater(0), settlementId: 'st_1', ...unsettled }
/** 830 of INR available, settled up to 40. */
export const settled: SettlementRecorded = {
  type: 'SettlementRecorded',
  data: { settlementId: 'st_1', ...unsettled, net: 830n },
}

export const reserveCommand: ReservePayout = {
  type: 'reservePayout',
  now: secondsLater(0),
  payoutId: 'po_1',
  amount: 300n,
  currency: 'INR',
  destination,
}
export const reserved = (payoutId: string, amount: bigint): MerchantEvent => ({
  type: 'PayoutReserved',
  data: { ...common, payoutId, amount, currency: 'INR', destination },
})
export const released = (payoutId: string, amount: bigint): MerchantEvent => ({
  type: 'PayoutReleased',
  data: { ...common, payoutId, amount, currency: 'INR' },
})
