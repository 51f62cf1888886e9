import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { paymentStream } from '../event.ts'
import { anyPayment } from '../gateway/rules.ts'
import type { Told } from '../judge.ts'
import { firstIllegal } from '../legal.ts'
import * as example from '../testing/payments.ts'
import { payoutSent } from '../testing/payouts.ts'
import { historyArbitrary } from '../testing/payment-history.ts'
import { isMadeBy, tampered, tamperingArbitrary } from '../testing/tampering.ts'
import type { OperationKind, PaymentCommand } from './command.ts'
import { decidePayment } from './decide.ts'
import type { PaymentEvent } from './event.ts'
import { evolvePayment } from './evolve.ts'
import { expiryCause } from './expire.ts'
import type { PaymentState } from './state.ts'

type Events = readonly (Told & PaymentEvent)[]

const illegal = (events: readonly Told[]) => firstIllegal(paymentStream(example.paymentId), events)
const metadata = { merchantId: '1042' }
const told = (...events: readonly PaymentEvent[]): Events => example.dated(events).map((e) => ({ ...e, metadata }))

const operations: readonly OperationKind[] = ['authorization', 'capture', 'increment', 'void', 'refund']

/** Everything that can be asked of a payment in the words of an event, at the fee of this or the next. */
const candidates = (event: Told & PaymentEvent, next: PaymentEvent | undefined): PaymentCommand[] => {
  const { data, recordedAt: now } = event
  const words: Readonly<Record<string, unknown>> = data
  const id =
    words[Object.keys(data).find((name) => /^(capture|increment|void|refund|dispute)Id$/.test(name)) ?? 'paymentId']
  const amounts = [words['amount'], undefined].map((amount) => (amount === undefined ? {} : { amount }))
  const outcomes = ['approved', 'declined'].map((type) => ({ ...data, type }))
  const fees = [event, next].map((one) => (one?.type === 'PaymentCaptured' ? Number(one.data.fee) : 0))
  return [
    { captureId: '', ...data, type: 'authorize', rules: anyPayment },
    ...amounts.flatMap((amount) => [
      { type: 'capture', captureId: id, final: true, ...amount },
      { type: 'capture', captureId: id, final: false, ...amount },
      { type: 'increment', incrementId: id, amount: 0n, ...amount, rules: anyPayment },
      { type: 'refund', refundId: id, ...amount },
      { type: 'openDispute', disputeId: id, reason: words['reason'], ...amount },
    ]),
    { type: 'void', voidId: id },
    { type: 'expire', forced: event.metadata.cause !== expiryCause },
    { type: 'closeDispute', disputeId: id, outcome: 'won' },
    { type: 'closeDispute', disputeId: id, outcome: 'lost' },
    ...operations.flatMap((operation) =>
      outcomes.flatMap((outcome) =>
        fees.map((fixed) => {
          const schedule = { default: { basisPoints: 0, fixed } }
          return { type: 'recordOutcome', operation, operationId: id, outcome, fees: schedule }
        }),
      ),
    ),
  ].map((command) => ({ ...command, now }) as PaymentCommand)
}
const decider = { initialState: undefined, evolve: evolvePayment, decide: decidePayment } as const

test('every history that deciders make is legal', () => {
  fc.assert(
    fc.property(historyArbitrary, ({ events }) => {
      expect(illegal(events)).toBeUndefined()
    }),
    { numRuns: 1_000 },
  )
})

test('one that was tampered with is legal only where some commands would have made it so', () => {
  const verdicts = new Map<string, number>()
  fc.assert(
    fc.property(historyArbitrary, tamperingArbitrary, (history, tampering) => {
      const events = tampered(history.events, tampering)
      const found = illegal(events)
      const verdict = `${tampering.how} ${found === undefined}`
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
      expect(found === undefined).toBe(
        isMadeBy<PaymentState, PaymentCommand, PaymentEvent>(decider, candidates, events),
      )
    }),
    { numRuns: 600, seed: 3 },
  )
  for (const how of ['removed', 'repeated', 'swapped', 'amount', 'id', 'time'])
    expect(verdicts.get(`${how} false`)).toBeGreaterThan(2)
})

const { requested, requestedAutomatic, authorized, declined, capturing, captured, captureFailed, refunding } = example
const { refunded, voiding, voided, expired, disputeOpened, incrementing, incremented, secondsLater } = example

/** All at the same moment, as events of one append are. */
const together = (...events: Events): Events => events.map((event) => ({ ...event, recordedAt: secondsLater(9) }))
const at = (recordedAt: string, event: PaymentEvent, cause: object = {}): Told & PaymentEvent => ({
  ...event,
  recordedAt,
  metadata: { ...metadata, ...cause },
})
const withData = (event: PaymentEvent, data: object): PaymentEvent =>
  ({ ...event, data: { ...event.data, ...data } }) as PaymentEvent

describe('no decider gives', () => {
  const lapsed = example.expiresAt
  const approved = told(requestedAutomatic).concat(together(...told(authorized, captured('cap_auto', 100n))))
  const taken = told(requested, authorized, capturing('cap_1', 60n))

  test.each<[string, readonly Told[], number, string]>([
    ['what has no beginning', told(authorized), 0, 'PaymentAuthorized is refused: paymentNotFound'],
    ['a second beginning', told(requested, requested), 1, 'PaymentAuthorizationRequested is refused: paymentExists'],
    [
      'an outcome nobody asked for',
      told(requested, authorized, captured('cap_1', 60n)),
      2,
      'PaymentCaptured is refused: operationNotFound',
    ],
    [
      'a second outcome',
      told(requested, authorized, capturing('cap_1', 60n), captureFailed('cap_1'), captured('cap_1', 60n)),
      4,
      'PaymentCaptured is refused: operationClosed',
    ],
    [
      'more than is authorized',
      told(requested, authorized, capturing('cap_1', 101n)),
      2,
      'PaymentCaptureRequested is refused: captureExceedsAuthorized',
    ],
    [
      'another amount than was asked for',
      told(requested, withData(authorized, { amount: 99n })),
      1,
      'PaymentAuthorized was decided with another amount',
    ],
    [
      'another amount than can be known',
      told(requested, authorized, voiding('vo_1', 99n)),
      2,
      'PaymentVoidRequested was decided with another amount',
    ],
    [
      'a fee that is more than the capture',
      [...taken, at(secondsLater(3), captured('cap_1', 60n, 0n, 61n))],
      3,
      'PaymentCaptured was decided with another fee',
    ],
    [
      'a release and an amount that nothing gives',
      [...taken, at(secondsLater(3), captured('cap_1', 59n, 1n))],
      3,
      'PaymentCaptured was decided with another amount, released',
    ],
    [
      'an approval without the capture that comes with it',
      approved.slice(0, 2),
      2,
      'PaymentCaptured is missing, which was decided with the last event',
    ],
    [
      'something else in its place',
      told(requestedAutomatic).concat(together(...told(authorized, refunding('re_1', 1n)))),
      2,
      'PaymentRefundRequested stands where PaymentCaptured was decided',
    ],
    [
      'that capture at another time',
      approved.with(2, at(secondsLater(10), captured('cap_auto', 100n))),
      2,
      'PaymentCaptured was not recorded with what it belongs to',
    ],
    [
      'another gateway on the way',
      told(requested, withData(authorized, { gateway: 'other' })),
      1,
      'PaymentAuthorized was decided with another gateway',
    ],
    [
      'a member more',
      told(requested, withData(authorized, { fee: 1n })),
      1,
      'PaymentAuthorized says more than was decided',
    ],
    [
      'an event of another payment',
      told(requested, withData(authorized, { paymentId: 'pay_2' })),
      1,
      'PaymentAuthorized is of another stream',
    ],
    [
      'an event of another merchant',
      [...told(requested), { ...at(secondsLater(1), authorized), metadata: { merchantId: '7' } }],
      1,
      'PaymentAuthorized has another merchant in its metadata',
    ],
    [
      'an event of a payout',
      [{ ...payoutSent, recordedAt: secondsLater(0), metadata }],
      0,
      'PayoutSent is of another kind of stream',
    ],
    [
      'a capture after its time',
      [...told(requested, authorized), at(lapsed, capturing('cap_1', 60n))],
      2,
      'PaymentCaptureRequested is refused: paymentExpired',
    ],
    [
      'an expiry by the scheduler before its time',
      [...told(requested, authorized), at(secondsLater(9), expired(100n), { cause: expiryCause })],
      2,
      'PaymentExpired is refused: notYetExpired',
    ],
  ])('%s', (_, events, revision, reason) => {
    expect(illegal(events)).toEqual({ revision, reason })
  })

  test('a stream by another name', () => {
    expect(firstIllegal('order-1', [])).toEqual({ revision: 0, reason: 'no stream has such a name' })
  })
})

test('an operator may have had it expire early', () => {
  expect(illegal([...told(requested, authorized), at(secondsLater(9), expired(100n))])).toBeUndefined()
})

test('any event once more is refused', () => {
  fc.assert(
    fc.property(historyArbitrary, fc.nat(40), ({ events }, place) => {
      const index = place % events.length
      const again = events.slice(index, index + 1)
      expect(illegal([...events.slice(0, index + 1), ...again, ...events.slice(index + 1)])).toBeDefined()
    }),
  )
})

test('an outcome without its intent, or with another amount, is refused', () => {
  const outcomes = ['PaymentAuthorized', 'PaymentCaptured', 'PaymentIncremented', 'PaymentVoided', 'PaymentRefunded']
  fc.assert(
    fc.property(historyArbitrary, fc.constantFrom(-1n, 1n), ({ events }, more) => {
      for (const [index, event] of events.entries()) {
        if (!outcomes.includes(event.type) || !('amount' in event.data)) continue
        const amount = event.data.amount + more
        expect(illegal(events.with(index, { ...event, ...withData(event, { amount }) }))).toBeDefined()
        const [name = '', id] =
          Object.entries(event.data).find(([member]) => /^(cap|inc|vo|re).*Id$/.test(member)) ?? []
        const isIntent = (one: PaymentEvent): boolean =>
          one.type.endsWith('Requested') &&
          Object.entries(one.data).some(([member, value]) => member === name && value === id)
        if (events.some(isIntent)) expect(illegal(events.filter((one) => !isIntent(one)))).toBeDefined()
      }
    }),
  )
})

// For these there are the hashes, which chain each event to the one before it.
describe('cannot be seen, because no rule depends on it:', () => {
  const longer = [requested, authorized, capturing('cap_1', 60n), captured('cap_1', 60n), refunding('re_1', 5n)]

  test.each<[string, Events]>([
    ['that the end is missing', told(...longer.slice(0, 3))],
    ['a fee that another schedule would have given', told(...longer.with(3, captured('cap_1', 60n, 0n, 60n)))],
    ['that its gateway took no such amount', told(withData(requested, { amount: 1_000_000n }))],
    ['another way to pay', told(withData(requested, { method: { type: 'qr' } }), ...longer.slice(1))],
    ['another customer', told(withData(requested, { customerId: 'cus_2' }), ...longer.slice(1))],
    ['another reference of the gateway', told(requested, withData(authorized, { gatewayReference: 'gw 2' }))],
    ['another reason why it was declined', told(requested, withData(declined, { message: 'Too poor' }))],
    ['another amount of an intent whose outcome is not there', told(...longer.with(4, refunding('re_1', 6n)))],
    ['that an attempt is missing which failed', told(requested, authorized, capturing('cap_2', 100n))],
    ['another order of what does not touch', told(...longer, disputeOpened('dp_1', 5n), refunded('re_1', 5n))],
    [
      'another time, on the same side of when the authorization lapses',
      [...told(requested, authorized), at(secondsLater(99), capturing('cap_1', 60n))],
    ],
    [
      'another amount and its outcome’s, if all that follows agrees',
      told(requested, authorized, incrementing('inc_1', 150n), incremented('inc_1', 150n, 50n)),
    ],
    [
      'another id of an intent and its outcome',
      told(requested, authorized, voiding('vo_2', 100n), voided('vo_2', 100n)),
    ],
  ])('%s', (_, events) => {
    expect(illegal(events)).toBeUndefined()
  })
})
