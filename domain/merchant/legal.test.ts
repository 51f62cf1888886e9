import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { merchantStream } from '../event.ts'
import type { Told } from '../judge.ts'
import { firstIllegal } from '../legal.ts'
import { merchantHistories } from '../testing/merchant-history.ts'
import { keyIssued, keyRevoked, registered, released, reserved, settled } from '../testing/merchants.ts'
import { secondsLater } from '../testing/payments.ts'
import { isMadeBy, tampered, tamperingArbitrary } from '../testing/tampering.ts'
import type { MerchantCommand } from './command.ts'
import { decideMerchant } from './decide.ts'
import type { MerchantEvent } from './event.ts'
import { evolveMerchant, initialMerchant } from './evolve.ts'
import type { Merchant } from './state.ts'

type Events = readonly (Told & MerchantEvent)[]

const illegal = (events: Events) => firstIllegal(merchantStream('1042'), events)
const told = (...events: readonly MerchantEvent[]): Events =>
  events.map((event, index) => ({ ...event, recordedAt: secondsLater(index), metadata: { merchantId: '1042' } }))
const withData = (event: MerchantEvent, data: object): MerchantEvent =>
  ({ ...event, data: { ...event.data, ...data } }) as MerchantEvent

/** What can be asked of a merchant in the words of one event. */
const candidates = ({ data, recordedAt: now }: Told & MerchantEvent): MerchantCommand[] => {
  const types: readonly (readonly [MerchantCommand['type'], string])[] = [
    ['registerMerchant', 'name'],
    ['setFees', 'fees'],
    ['setGateway', 'gateway'],
    ['issueKey', 'hash'],
    ['revokeKey', 'keyId'],
    ['settle', 'net'],
    ['reservePayout', 'destination'],
    ['releasePayout', 'payoutId'],
    ['forgetPersonalData', 'subject'],
  ]
  return types.flatMap(([type, member]) => (member in data ? [{ ...data, type, now } as MerchantCommand] : []))
}
const repeatable = new Set(['FeeScheduleSet', 'GatewayPreferenceSet', 'PersonalDataForgotten'])
const decider = { initialState: initialMerchant, evolve: evolveMerchant, decide: decideMerchant } as const

test('every history that deciders make is legal', () => {
  fc.assert(
    fc.property(merchantHistories, (events) => {
      expect(illegal(events)).toBeUndefined()
    }),
    { numRuns: 500 },
  )
})

test('one that was tampered with is legal only where some commands would have made it so', () => {
  const verdicts = new Set<string>()
  fc.assert(
    fc.property(merchantHistories, tamperingArbitrary, (history, tampering) => {
      const events = tampered(history, tampering)
      // Fees of more than was captured are within no command that a run of settlement gives.
      fc.pre(events.every((event) => event.type !== 'SettlementRecorded' || event.data.fees <= event.data.gross))
      const legal = illegal(events) === undefined
      verdicts.add(`${tampering.how} ${legal}`)
      expect(legal).toBe(isMadeBy<Merchant, MerchantCommand, MerchantEvent>(decider, candidates, events))
    }),
    { numRuns: 1_000, seed: 1 },
  )
  for (const how of ['removed', 'repeated', 'swapped', 'amount', 'id']) expect(verdicts).toContain(`${how} false`)
})

test('any event once more is refused, but for what may be set twice', () => {
  fc.assert(
    fc.property(merchantHistories, (events) => {
      for (const [index, event] of events.entries()) {
        const again = illegal(events.toSpliced(index, 0, event))
        if (repeatable.has(event.type)) expect(again).toBeUndefined()
        else expect(again).toBeDefined()
      }
    }),
  )
})

test('another sum in a settlement is refused, whichever it is', () => {
  fc.assert(
    fc.property(merchantHistories, fc.constantFrom('gross', 'refunds', 'disputes', 'fees', 'net'), (events, name) => {
      for (const [index, event] of events.entries()) {
        if (event.type !== 'SettlementRecorded') continue
        const changed = { ...event, data: { ...event.data, [name]: event.data[name] + 1n } } as Told & MerchantEvent
        expect(illegal(events.with(index, changed))?.revision).toBe(index)
      }
    }),
  )
})

describe('no decider gives', () => {
  const funded = [registered, settled]
  const next = { from: '40', to: '50', settlementId: 'st_2' }

  test.each<[string, Events, number, string]>([
    ['a key of nobody', told(keyIssued('k1')), 0, 'ApiKeyIssued is refused: merchantNotFound'],
    [
      'a key of another role',
      told(registered, keyIssued('k1', 'auditor')),
      1,
      'ApiKeyIssued is refused: roleNotAllowed',
    ],
    [
      'a key revoked twice',
      told(registered, keyIssued('k1'), keyRevoked('k1'), keyRevoked('k1')),
      3,
      'ApiKeyRevoked is refused: keyRevoked',
    ],
    [
      'a gap between settlements',
      told(...funded, withData(settled, { ...next, from: '41' })),
      2,
      'SettlementRecorded is refused: settlementOutOfOrder',
    ],
    [
      'a settlement that goes back',
      told(...funded, withData(settled, { ...next, to: '39' })),
      2,
      'SettlementRecorded is refused: settlementOutOfOrder',
    ],
    [
      'a sum that is not one',
      told(registered, withData(settled, { net: 831n })),
      1,
      'SettlementRecorded was decided with another net',
    ],
    [
      'fees of more than was captured',
      told(registered, withData(settled, { fees: 1_001n, net: -151n })),
      1,
      'SettlementRecorded was decided with another fees, net',
    ],
    [
      'a payout of more than there is',
      told(...funded, reserved('po_1', 831n)),
      2,
      'PayoutReserved is refused: insufficientFunds',
    ],
    [
      'a release without a reservation',
      told(...funded, released('po_1', 1n)),
      2,
      'PayoutReleased is refused: reservationNotFound',
    ],
    [
      'a release of more than was reserved',
      told(...funded, reserved('po_1', 1n), released('po_1', 2n)),
      3,
      'PayoutReleased was decided with another amount',
    ],
    [
      'an event of another merchant',
      told(registered, withData(settled, { merchantId: '7' })),
      1,
      'SettlementRecorded is of another stream',
    ],
  ])('%s', (_, events, revision, reason) => {
    expect(illegal(events)).toEqual({ revision, reason })
  })
})

// For these there are the hashes, which chain each event to the one before it, and the postings that settlements sum up.
describe('cannot be seen, because no rule depends on it:', () => {
  const fees: MerchantEvent = {
    type: 'FeeScheduleSet',
    data: { merchantId: '1042', fees: { default: { basisPoints: 1, fixed: 0 } } },
  }

  test.each<[string, Events]>([
    ['that the end is missing', told(registered)],
    ['another name', told(withData(registered, { name: 'Another' }), settled)],
    ['another schedule of fees, one more and one less', told(registered, fees, fees, settled)],
    ['that a key is missing of which nothing else is told', told(registered, settled)],
    [
      'sums that a run did not find but that fit together',
      told(registered, withData(settled, { gross: 2_000n, net: 1_830n })),
    ],
    ['another number of payments', told(registered, withData(settled, { payments: 4 }))],
    ['another end, if the next begins there', told(registered, withData(settled, { to: '41' }))],
    ['another amount, of a reservation that was not released', told(registered, settled, reserved('po_1', 2n))],
    [
      'a release of a payout that has not failed',
      told(registered, settled, reserved('po_1', 2n), released('po_1', 2n)),
    ],
    ['that a merchant was settled for before it was known', told(settled, registered)],
  ])('%s', (_, events) => {
    expect(illegal(events)).toBeUndefined()
  })
})
