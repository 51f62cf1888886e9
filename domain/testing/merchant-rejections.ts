import { noFees } from '../merchant/fees.ts'
import type { MerchantCommand } from '../merchant/command.ts'
import type { MerchantEvent } from '../merchant/event.ts'
import type { Role } from '../merchant/role.ts'
import {
  houseRegistered,
  keyIssued,
  keyRevoked,
  registered,
  released,
  reserveCommand,
  reserved,
  settleCommand,
  settled,
} from './merchants.ts'
import { secondsLater } from './payments.ts'
import type { RejectionRow } from './rejections.ts'

const now = secondsLater(60)
const issue = (role: Role): MerchantCommand => ({ type: 'issueKey', now, keyId: 'k1', hash: 'cd'.repeat(32), role })
const revoke: MerchantCommand = { type: 'revokeKey', now, keyId: 'k1' }
const release: MerchantCommand = { type: 'releasePayout', now, payoutId: 'po_1' }
const nothing = { gross: 0n, refunds: 0n, disputes: 0n, fees: 0n, payments: 0 } as const

export const merchantRejections: readonly RejectionRow<MerchantEvent, MerchantCommand>[] = [
  {
    code: 'merchantExists',
    why: 'an id is used once',
    given: [registered],
    when: { type: 'registerMerchant', now, merchantId: '1042', name: 'Another' },
  },
  { code: 'merchantNotFound', why: 'no fees for nobody', given: [], when: { type: 'setFees', now, fees: noFees } },
  { code: 'merchantNotFound', why: 'no gateway', given: [], when: { type: 'setGateway', now, gateway: 'sandbox' } },
  { code: 'merchantNotFound', over: ['roleNotAllowed'], why: 'no key', given: [], when: issue('operator') },
  {
    code: 'merchantNotFound',
    over: ['insufficientFunds'],
    why: 'no payout, though it may have payments',
    given: [settled],
    when: { ...reserveCommand, amount: 831n },
  },

  {
    code: 'roleNotAllowed',
    over: ['keyExists'],
    why: 'a merchant is no operator',
    given: [registered, keyIssued('k1')],
    when: issue('operator'),
  },
  { code: 'roleNotAllowed', why: 'the house is no merchant', given: [houseRegistered], when: issue('merchant') },
  {
    code: 'keyExists',
    why: 'an id is used once',
    given: [registered, keyIssued('k1'), keyRevoked('k1')],
    when: issue('merchant'),
  },
  { code: 'keyNotFound', why: 'no such key', given: [registered], when: revoke },
  {
    code: 'keyRevoked',
    why: 'it is revoked once',
    given: [registered, keyIssued('k1'), keyRevoked('k1')],
    when: revoke,
  },

  {
    code: 'settlementOutOfOrder',
    why: 'it skips postings',
    given: [registered],
    when: { ...settleCommand, from: '7' },
  },
  { code: 'settlementOutOfOrder', why: 'it repeats postings', given: [registered, settled], when: settleCommand },
  {
    code: 'settlementOutOfOrder',
    over: ['nothingToSettle'],
    why: 'it goes backwards',
    given: [registered, settled],
    when: { ...settleCommand, ...nothing, from: '40', to: '39' },
  },
  {
    code: 'nothingToSettle',
    why: 'no posting is new',
    given: [registered, settled],
    when: { ...settleCommand, ...nothing, from: '40', to: '50' },
  },

  {
    code: 'payoutAlreadyReserved',
    over: ['insufficientFunds'],
    why: 'money is set aside once',
    given: [registered, settled, reserved('po_1', 830n)],
    when: reserveCommand,
  },
  {
    code: 'payoutAlreadyReserved',
    why: 'not even after it was given back',
    given: [registered, settled, reserved('po_1', 300n), released('po_1', 300n)],
    when: reserveCommand,
  },
  {
    code: 'insufficientFunds',
    why: 'one more than there is',
    given: [registered, settled],
    when: { ...reserveCommand, amount: 831n },
  },
  {
    code: 'insufficientFunds',
    why: 'another currency',
    given: [registered, settled],
    when: { ...reserveCommand, currency: 'EUR' },
  },
  {
    code: 'insufficientFunds',
    why: 'a negative balance',
    given: [registered, { type: 'SettlementRecorded', data: { ...settled.data, net: -1n } }],
    when: { ...reserveCommand, amount: 1n },
  },
  { code: 'reservationNotFound', why: 'nothing is set aside', given: [registered], when: release },
  {
    code: 'reservationNotFound',
    why: 'it was given back',
    given: [registered, settled, reserved('po_1', 300n), released('po_1', 300n)],
    when: release,
  },
]
