import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accept } from '../decider.ts'
import { postings } from '../postings.ts'
import {
  foldMerchant,
  houseRegistered,
  keyIssued,
  keyRevoked,
  registered,
  released,
  reserveCommand,
  reserved,
  settleCommand,
  settled,
} from '../testing/merchants.ts'
import { secondsLater } from '../testing/payments.ts'
import type { MerchantCommand } from './command.ts'
import { decideMerchant } from './decide.ts'
import type { MerchantEvent } from './event.ts'
import { noFees } from './fees.ts'
import { house } from './role.ts'

const now = secondsLater(60)
const hash = 'ab'.repeat(32)

type Row = readonly [why: string, given: readonly MerchantEvent[], when: MerchantCommand, then: MerchantEvent]
const rows: readonly Row[] = [
  ['a merchant', [], { type: 'registerMerchant', now, merchantId: '1042', name: 'Asha’s shop' }, registered],
  [
    'a merchant that was settled before it was registered',
    [settled],
    { type: 'registerMerchant', now, merchantId: '1042', name: 'Asha’s shop' },
    registered,
  ],
  [
    'fees',
    [registered],
    { type: 'setFees', now, fees: noFees },
    { type: 'FeeScheduleSet', data: { merchantId: '1042', fees: noFees } },
  ],
  [
    'a gateway',
    [registered],
    { type: 'setGateway', now, gateway: 'sandbox' },
    { type: 'GatewayPreferenceSet', data: { merchantId: '1042', gateway: 'sandbox' } },
  ],
  ['a key', [registered], { type: 'issueKey', now, keyId: 'k1', hash, role: 'merchant' }, keyIssued('k1')],
  [
    'a key of the house',
    [houseRegistered],
    { type: 'issueKey', now, keyId: 'k1', hash, role: 'auditor' },
    { type: 'ApiKeyIssued', data: { merchantId: house, keyId: 'k1', hash, role: 'auditor' } },
  ],
  ['a key revoked', [registered, keyIssued('k1')], { type: 'revokeKey', now, keyId: 'k1' }, keyRevoked('k1')],
  ['a first settlement', [registered], settleCommand, settled],
  ['a settlement before registration', [], settleCommand, settled],
  [
    'a settlement that takes money back',
    [registered, settled],
    { ...settleCommand, settlementId: 'st_2', gross: 0n, fees: 0n, from: '40', to: '41' },
    {
      type: 'SettlementRecorded',
      data: { ...settled.data, settlementId: 'st_2', gross: 0n, fees: 0n, net: -150n, from: '40', to: '41' },
    },
  ],
  [
    'a settlement whose sum is nothing, though payments are in it',
    [registered],
    { ...settleCommand, gross: 150n, fees: 0n },
    { type: 'SettlementRecorded', data: { ...settled.data, gross: 150n, fees: 0n, net: 0n } },
  ],
  [
    'another currency, from the beginning',
    [registered, settled],
    { ...settleCommand, currency: 'EUR' },
    { type: 'SettlementRecorded', data: { ...settled.data, currency: 'EUR' } },
  ],
  ['a payout', [registered, settled], reserveCommand, reserved('po_1', 300n)],
  ['a payout of all there is', [registered, settled, reserved('po_2', 530n)], reserveCommand, reserved('po_1', 300n)],
  [
    'a payout of what came back',
    [registered, settled, reserved('po_2', 830n), released('po_2', 830n)],
    reserveCommand,
    reserved('po_1', 300n),
  ],
  [
    'a payout given back',
    [registered, settled, reserved('po_1', 300n)],
    { type: 'releasePayout', now, payoutId: 'po_1' },
    released('po_1', 300n),
  ],
]
test.each(rows)('%s', (_why, given, when, then) => {
  expect(decideMerchant(when, foldMerchant(given))).toEqual(accept(then))
})

test('a merchant is what happened to it', () => {
  const merchant = foldMerchant([
    registered,
    keyIssued('k1'),
    keyIssued('k2'),
    keyRevoked('k1'),
    { type: 'FeeScheduleSet', data: { merchantId: '1042', fees: { default: { basisPoints: 200, fixed: 1 } } } },
    { type: 'GatewayPreferenceSet', data: { merchantId: '1042', gateway: 'sandbox' } },
    settled,
    reserved('po_1', 300n),
    reserved('po_2', 30n),
    released('po_2', 30n),
  ])
  const { reservations, ...rest } = merchant
  expect(rest).toEqual({
    id: '1042',
    name: 'Asha’s shop',
    registered: true,
    fees: { default: { basisPoints: 200, fixed: 1 } },
    gateway: 'sandbox',
    keys: new Map([
      ['k1', { id: 'k1', hash, role: 'merchant', revoked: true }],
      ['k2', { id: 'k2', hash, role: 'merchant', revoked: false }],
    ]),
    available: new Map([['INR', 530n]]),
    settledTo: new Map([['INR', '40']]),
    createdAt: secondsLater(0),
    revision: 9,
  })
  expect(reservations.get('po_1')).toEqual({ amount: 300n, currency: 'INR', revision: 7, released: false })
  expect(reservations.get('po_2')).toEqual({ amount: 30n, currency: 'INR', revision: 8, released: true })
})

const commandArbitrary: fc.Arbitrary<MerchantCommand> = fc.oneof(
  fc
    .record({
      currency: fc.constantFrom('INR', 'EUR'),
      gross: fc.bigInt(0n, 500n),
      refunds: fc.bigInt(0n, 300n),
      disputes: fc.bigInt(-100n, 100n),
      fees: fc.bigInt(0n, 20n),
      payments: fc.nat(3),
      from: fc.constantFrom('0', '10', '20'),
      to: fc.constantFrom('10', '20'),
    })
    .map((unsettled) => ({ ...settleCommand, ...unsettled })),
  fc
    .record({
      payoutId: fc.constantFrom('po_1', 'po_2', 'po_3', 'po_4'),
      amount: fc.bigInt(1n, 300n),
      currency: fc.constantFrom('INR', 'EUR'),
    })
    .map((payout) => ({ ...reserveCommand, ...payout })),
  fc
    .constantFrom('po_1', 'po_2', 'po_3', 'po_4')
    .map((payoutId) => ({ type: 'releasePayout' as const, now, payoutId })),
)

test('available is what the books say, payouts never take more, and each stretch is settled once', () => {
  fc.assert(
    fc.property(fc.array(commandArbitrary, { maxLength: 40, size: 'max' }), (commands) => {
      const events: MerchantEvent[] = [registered]
      for (const command of commands) {
        const before = foldMerchant(events)
        const decision = decideMerchant(command, before)
        if (decision.type === 'rejected') continue
        events.push(...decision.events)
        const after = foldMerchant(events)
        for (const currency of ['INR', 'EUR']) {
          const journal = events.flatMap((event) => postings(event)).filter((posting) => posting.currency === currency)
          const sumOf = (account: string) =>
            journal.filter((posting) => posting.account === account).reduce((sum, { amount }) => sum + amount, 0n)
          expect(after.available.get(currency) ?? 0n).toBe(-sumOf('merchantAvailable'))
          expect(-sumOf('payoutsInTransit')).toBeGreaterThanOrEqual(0n)
          expect(journal.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n)
        }
        if (command.type === 'reservePayout') expect(after.available.get(command.currency)).toBeGreaterThanOrEqual(0n)
      }
      for (const currency of ['INR', 'EUR']) {
        const stretches = events.flatMap((event) =>
          event.type === 'SettlementRecorded' && event.data.currency === currency ? [event.data] : [],
        )
        for (const [index, { from }] of stretches.entries()) expect(from).toBe(stretches[index - 1]?.to ?? '0')
      }
    }),
    { numRuns: 500 },
  )
})
