import { accept, type Decision, reject } from '../decider.ts'
import type { ForgetPersonalData, IssueKey, MerchantCommand, ReleasePayout, RevokeKey } from './command.ts'
import type { MerchantEvent } from './event.ts'
import { reservePayout } from './reserve-payout.ts'
import { house } from './role.ts'
import { settle } from './settle.ts'
import type { Merchant } from './state.ts'

/** What a command does to a merchant, or why it does nothing. docs/REJECTIONS.md has the order in which rules are asked. */
export const decideMerchant = (command: MerchantCommand, merchant: Merchant): Decision<MerchantEvent> => {
  const { id: merchantId, registered } = merchant
  switch (command.type) {
    case 'registerMerchant': {
      if (registered) return reject('merchantExists')
      const { name } = command
      return accept({ type: 'MerchantRegistered', data: { merchantId: command.merchantId, name } })
    }
    case 'setFees':
      if (!registered) return reject('merchantNotFound')
      return accept({ type: 'FeeScheduleSet', data: { merchantId, fees: command.fees } })
    case 'setGateway':
      if (!registered) return reject('merchantNotFound')
      return accept({ type: 'GatewayPreferenceSet', data: { merchantId, gateway: command.gateway } })
    case 'issueKey':
      return issueKey(command, merchant)
    case 'revokeKey':
      return revokeKey(command, merchant)
    case 'settle':
      return settle(command, merchant)
    case 'reservePayout':
      return reservePayout(command, merchant)
    case 'releasePayout':
      return releasePayout(command, merchant)
    case 'forgetPersonalData':
      return forgetPersonalData(command)
  }
}

/** Merchants have merchants' keys; finance, auditors and operators have theirs of the house. */
const issueKey = ({ keyId, hash, role }: IssueKey, merchant: Merchant): Decision<MerchantEvent> => {
  if (!merchant.registered) return reject('merchantNotFound')
  if ((merchant.id === house) === (role === 'merchant')) return reject('roleNotAllowed')
  if (merchant.keys.has(keyId)) return reject('keyExists')
  return accept({ type: 'ApiKeyIssued', data: { merchantId: merchant.id, keyId, hash, role } })
}

const revokeKey = ({ keyId }: RevokeKey, merchant: Merchant): Decision<MerchantEvent> => {
  const key = merchant.keys.get(keyId)
  if (key === undefined) return reject('keyNotFound')
  if (key.revoked) return reject('keyRevoked')
  return accept({ type: 'ApiKeyRevoked', data: { merchantId: merchant.id, keyId } })
}

const releasePayout = ({ payoutId }: ReleasePayout, merchant: Merchant): Decision<MerchantEvent> => {
  const reservation = merchant.reservations.get(payoutId)
  if (reservation === undefined || reservation.released) return reject('reservationNotFound')
  const { amount, currency } = reservation
  return accept({ type: 'PayoutReleased', data: { merchantId: merchant.id, payoutId, amount, currency } })
}

/** A fact like an outcome: what was destroyed is gone, whatever else the merchant's stream says. */
const forgetPersonalData = (command: ForgetPersonalData): Decision<MerchantEvent> => {
  const { merchantId, subject, transactions, reason, by } = command
  return accept({ type: 'PersonalDataForgotten', data: { merchantId, subject, transactions, reason, by } })
}
