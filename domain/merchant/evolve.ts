import type { Dated } from '../event.ts'
import type { Amount } from '../money.ts'
import type { MerchantEvent } from './event.ts'
import { noFees } from './fees.ts'
import { Reservations } from './reservations.ts'
import type { ApiKey, Merchant } from './state.ts'

/** A merchant of whom nothing is known. */
export const initialMerchant: Merchant = {
  id: '',
  name: '',
  registered: false,
  fees: noFees,
  gateway: '',
  keys: new Map(),
  available: new Map(),
  settledTo: new Map(),
  reservations: new Reservations(),
  createdAt: '',
  revision: -1,
}

/** The merchant after the event. */
export const evolveMerchant = (merchant: Merchant, event: Dated<MerchantEvent>): Merchant => {
  const revision = merchant.revision + 1
  return { ...merchant, ...changes(merchant, event, revision), id: event.data.merchantId, revision }
}

/** What the event changes of the merchant. */
const changes = (merchant: Merchant, event: Dated<MerchantEvent>, revision: number): Partial<Merchant> => {
  const { type, data, recordedAt } = event
  switch (type) {
    case 'MerchantRegistered':
      return { name: data.name, registered: true, createdAt: recordedAt }
    case 'FeeScheduleSet':
      return { fees: data.fees }
    case 'GatewayPreferenceSet':
      return { gateway: data.gateway }
    case 'ApiKeyIssued':
      return { keys: withKey(merchant, { id: data.keyId, hash: data.hash, role: data.role, revoked: false }) }
    case 'ApiKeyRevoked': {
      const key = merchant.keys.get(data.keyId)
      return key === undefined ? {} : { keys: withKey(merchant, { ...key, revoked: true }) }
    }
    case 'SettlementRecorded':
      return {
        available: withAdded(merchant, data.currency, data.net),
        settledTo: new Map(merchant.settledTo).set(data.currency, data.to),
      }
    case 'PayoutReserved': {
      const { payoutId, amount, currency } = data
      return {
        available: withAdded(merchant, currency, -amount),
        reservations: merchant.reservations.set(payoutId, { amount, currency, revision, released: false }),
      }
    }
    case 'PersonalDataForgotten':
      return {}
    case 'PayoutReleased': {
      const reservation = merchant.reservations.get(data.payoutId)
      return {
        available: withAdded(merchant, data.currency, data.amount),
        ...(reservation && {
          reservations: merchant.reservations.set(data.payoutId, { ...reservation, released: true }),
        }),
      }
    }
  }
}

const withKey = (merchant: Merchant, key: ApiKey) => new Map(merchant.keys).set(key.id, key)

const withAdded = (merchant: Merchant, currency: string, amount: Amount) =>
  new Map(merchant.available).set(currency, (merchant.available.get(currency) ?? 0n) + amount)
