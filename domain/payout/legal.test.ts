import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { payoutStream } from '../event.ts'
import type { Told } from '../judge.ts'
import { firstIllegal } from '../legal.ts'
import { secondsLater } from '../testing/payments.ts'
import { payoutHistories } from '../testing/payout-history.ts'
import * as example from '../testing/payouts.ts'
import { isMadeBy, tampered, tamperingArbitrary } from '../testing/tampering.ts'
import type { PayoutCommand } from './command.ts'
import { decidePayout } from './decide.ts'
import type { PayoutEvent } from './event.ts'
import { evolvePayout } from './evolve.ts'
import type { PayoutState } from './state.ts'

type Events = readonly (Told & PayoutEvent)[]

const illegal = (events: Events) => firstIllegal(payoutStream(example.payoutId), events)
const told = (...events: readonly PayoutEvent[]): Events =>
  events.map((event, index) => ({ ...event, recordedAt: secondsLater(index), metadata: { merchantId: '1042' } }))
const withData = (event: PayoutEvent, data: object): PayoutEvent =>
  ({ ...event, data: { ...event.data, ...data } }) as PayoutEvent

const commands: readonly PayoutCommand['type'][] = [
  'requestPayout',
  'markSent',
  'markSettled',
  'markFailed',
  'markReturned',
]
const candidates = ({ data, recordedAt: now }: Told & PayoutEvent): PayoutCommand[] =>
  commands.map((type) => ({ ...data, type, now }) as PayoutCommand)
const decider = { initialState: undefined, evolve: evolvePayout, decide: decidePayout } as const

test('every history that deciders make is legal', () => {
  fc.assert(
    fc.property(payoutHistories, (events) => {
      expect(illegal(events)).toBeUndefined()
    }),
  )
})

test('one that was tampered with is legal only where some commands would have made it so', () => {
  const verdicts = new Set<string>()
  fc.assert(
    fc.property(payoutHistories, tamperingArbitrary, (history, tampering) => {
      const events = tampered(history, tampering)
      const legal = illegal(events) === undefined
      verdicts.add(`${tampering.how} ${legal}`)
      expect(legal).toBe(isMadeBy<PayoutState, PayoutCommand, PayoutEvent>(decider, candidates, events))
    }),
    { numRuns: 1_000, seed: 1 },
  )
  for (const how of ['removed', 'repeated', 'swapped', 'amount']) expect(verdicts).toContain(`${how} false`)
})

test('any event once more, another order and another amount of one among several are refused', () => {
  fc.assert(
    fc.property(payoutHistories, (events) => {
      for (const [index, event] of events.entries()) {
        expect(illegal(events.toSpliced(index, 0, event))).toBeDefined()
        if (index > 0) expect(illegal(events.with(index, events[0] ?? event).with(0, event))).toBeDefined()
        const amount = event.data.amount + 1n
        const changed = events.with(index, { ...event, data: { ...event.data, amount } } as Told & PayoutEvent)
        if (events.length > 1) expect(illegal(changed)).toBeDefined()
      }
    }),
  )
})

const { payoutRequested, payoutSent, payoutSettled, payoutFailed, payoutReturned } = example

describe('no decider gives', () => {
  test.each<[string, Events, number, string]>([
    ['what has no beginning', told(payoutSent), 0, 'PayoutSent is refused: payoutNotFound'],
    ['a second beginning', told(payoutRequested, payoutRequested), 1, 'PayoutRequested is refused: payoutExists'],
    ['what was not sent', told(payoutRequested, payoutSettled), 1, 'PayoutSettled is refused: payoutNotSent'],
    ['more after the end', told(payoutRequested, payoutFailed, payoutSent), 2, 'PayoutSent is refused: payoutEnded'],
    [
      'money that comes back without having left',
      told(payoutRequested, payoutSent, payoutReturned(true)),
      2,
      'PayoutReturned was decided with another settled',
    ],
    [
      'another amount',
      told(payoutRequested, withData(payoutSent, { amount: 101n })),
      1,
      'PayoutSent was decided with another amount',
    ],
    [
      'an event of another payout',
      told(payoutRequested, withData(payoutSent, { payoutId: 'po_2' })),
      1,
      'PayoutSent is of another stream',
    ],
  ])('%s', (_, events, revision, reason) => {
    expect(illegal(events)).toEqual({ revision, reason })
  })
})

// For these there are the hashes, which chain each event to the one before it.
describe('cannot be seen, because no rule depends on it:', () => {
  test.each<[string, Events]>([
    ['that the end is missing', told(payoutRequested)],
    ['that it was never sent, where it failed', told(payoutRequested, payoutFailed)],
    ['that it had not arrived, where the bank sent it back', told(payoutRequested, payoutSent, payoutReturned(false))],
    ['another destination', told(withData(payoutRequested, { destination: { type: 'upi', vpa: 'x@y' } }), payoutSent)],
    ['another reference of the bank', told(payoutRequested, withData(payoutSent, { bankReference: 'utr 2' }))],
    [
      'another amount, if all events agree',
      told(payoutRequested, payoutSent).map(
        (event) => ({ ...event, data: { ...event.data, amount: 7n } }) as Told & PayoutEvent,
      ),
    ],
  ])('%s', (_, events) => {
    expect(illegal(events)).toBeUndefined()
  })
})
