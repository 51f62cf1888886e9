import { describe, expect, test } from 'vitest'
import { accept } from '../decider.ts'
import { anyPayment } from '../gateway/rules.ts'
import { noFees } from '../merchant/fees.ts'
import {
  authorizeCommand,
  authorized,
  captured,
  captureFailed,
  capturing,
  declined,
  disputeLost,
  disputeOpened,
  disputeWon,
  expired,
  expiresAt,
  foldPayment,
  incremented,
  incrementFailed,
  incrementing,
  paymentEvent,
  paymentId,
  refunded,
  refundFailed,
  refunding,
  requested,
  requestedAutomatic,
  secondsLater,
  voided,
  voidFailed,
  voiding,
} from '../testing/payments.ts'
import type { GatewayOutcome, OperationKind, PaymentCommand } from './command.ts'
import { decidePayment } from './decide.ts'
import type { PaymentEvent } from './event.ts'

const now = secondsLater(60)
const capture = (amount?: bigint, final = false): PaymentCommand => ({
  type: 'capture',
  now,
  captureId: 'cap_2',
  final,
  ...(amount !== undefined && { amount }),
})
const voidIt: PaymentCommand = { type: 'void', now, voidId: 'vo_2' }
const refund = (amount?: bigint): PaymentCommand => ({
  type: 'refund',
  now,
  refundId: 're_2',
  ...(amount !== undefined && { amount }),
})
const dispute = (amount?: bigint): PaymentCommand => ({
  type: 'openDispute',
  now,
  disputeId: 'dp_2',
  reason: 'fraud',
  ...(amount !== undefined && { amount }),
})
const outcomeOf = (operation: OperationKind, operationId: string, outcome: GatewayOutcome): PaymentCommand => ({
  type: 'recordOutcome',
  now,
  operation,
  operationId,
  outcome,
  fees: { default: { basisPoints: 250, fixed: 0 } },
})
const approved: GatewayOutcome = { type: 'approved' }
const refused: GatewayOutcome = { type: 'declined', code: 'refused', message: 'The gateway said no' }

const open = [requested, authorized]
const taken = [...open, capturing('cap_1', 100n), captured('cap_1', 100n)]
const partlyTaken = [...open, capturing('cap_1', 60n), captured('cap_1', 60n)]

type Row = readonly [why: string, given: readonly PaymentEvent[], when: PaymentCommand, then: readonly PaymentEvent[]]

const intents: readonly Row[] = [
  ['authorizing is an intent first', [], authorizeCommand, [requested]],
  [
    'an automatic capture is announced by its id',
    [],
    { ...authorizeCommand, capture: 'automatic' },
    [requestedAutomatic],
  ],
  ['a capture takes all by default', open, capture(), [capturing('cap_2', 100n)]],
  ['or the rest', partlyTaken, capture(), [capturing('cap_2', 40n)]],
  ['or a part', partlyTaken, capture(10n), [capturing('cap_2', 10n)]],
  ['even to the last unit', partlyTaken, capture(40n), [capturing('cap_2', 40n)]],
  [
    'what is being captured is not there twice',
    [...open, capturing('cap_1', 60n)],
    capture(),
    [capturing('cap_2', 40n)],
  ],
  [
    'what failed to be captured is there again',
    [...open, capturing('cap_1', 60n), captureFailed('cap_1')],
    capture(),
    [capturing('cap_2', 100n)],
  ],
  ['a final capture', partlyTaken, capture(10n, true), [capturing('cap_2', 10n, true)]],
  [
    'a capture after a refund',
    [...partlyTaken, refunding('re_1', 60n), refunded('re_1', 60n)],
    capture(),
    [capturing('cap_2', 40n)],
  ],
  [
    'a capture after a void failed',
    [...open, voiding('vo_1', 100n), voidFailed('vo_1')],
    capture(),
    [capturing('cap_2', 100n)],
  ],
  [
    'a capture after an increment',
    [...open, incrementing('inc_1', 150n), incremented('inc_1', 150n, 50n)],
    capture(),
    [capturing('cap_2', 150n)],
  ],
  ['a void gives all back', open, voidIt, [voiding('vo_2', 100n)]],
  ['or the rest after a capture', partlyTaken, voidIt, [voiding('vo_2', 40n)]],
  ['or what no capture is about to take', [...open, capturing('cap_1', 60n)], voidIt, [voiding('vo_2', 40n)]],
  [
    'a void after expiresAt, while expiry is not recorded',
    open,
    { ...voidIt, now: expiresAt },
    [voiding('vo_2', 100n)],
  ],
  [
    'what a capture failed to take can be voided after a first void',
    [...open, capturing('cap_1', 60n), voiding('vo_1', 40n), voided('vo_1', 40n), captureFailed('cap_1')],
    voidIt,
    [voiding('vo_2', 60n)],
  ],
  [
    'a higher total',
    open,
    { type: 'increment', now, incrementId: 'inc_1', amount: 101n, rules: anyPayment },
    [incrementing('inc_1', 101n)],
  ],
  [
    'a higher total after a capture failed',
    [...open, capturing('cap_1', 60n), captureFailed('cap_1')],
    { type: 'increment', now, incrementId: 'inc_1', amount: 150n, rules: anyPayment },
    [incrementing('inc_1', 150n)],
  ],
  ['a refund of all', taken, refund(), [refunding('re_2', 100n)]],
  [
    'a refund of what is not refunded',
    [...taken, refunding('re_1', 30n), refunded('re_1', 30n)],
    refund(),
    [refunding('re_2', 70n)],
  ],
  [
    'a refund that failed counts no more',
    [...taken, refunding('re_1', 30n), refundFailed('re_1')],
    refund(),
    [refunding('re_2', 100n)],
  ],
  ['a refund of what is not disputed', [...taken, disputeOpened('dp_1', 30n)], refund(), [refunding('re_2', 70n)]],
  [
    'a refund after a dispute was won',
    [...taken, disputeOpened('dp_1', 30n), disputeWon('dp_1', 30n)],
    refund(100n),
    [refunding('re_2', 100n)],
  ],
  ['a refund of a lapsed payment’s captured part', [...partlyTaken, expired(40n)], refund(), [refunding('re_2', 60n)]],
]

const facts: readonly Row[] = [
  ['expiry when it is time', open, { type: 'expire', now: expiresAt, forced: false }, [expired(100n)]],
  ['expiry of the rest', partlyTaken, { type: 'expire', now: expiresAt, forced: false }, [expired(40n)]],
  ['expiry at once by an operator', open, { type: 'expire', now, forced: true }, [expired(100n)]],
  [
    'expiry while a refund is pending',
    [...partlyTaken, refunding('re_1', 10n)],
    { type: 'expire', now: expiresAt, forced: false },
    [expired(40n)],
  ],
  ['a dispute of all', taken, dispute(), [disputeOpened('dp_2', 100n)]],
  [
    'a dispute of what is not disputed',
    [...taken, disputeOpened('dp_1', 30n), disputeLost('dp_1', 30n)],
    dispute(),
    [disputeOpened('dp_2', 70n)],
  ],
  [
    'a dispute after a refund of all',
    [...taken, refunding('re_1', 100n), refunded('re_1', 100n)],
    dispute(),
    [disputeOpened('dp_2', 100n)],
  ],
  [
    'another dispute after one was won',
    [...taken, disputeOpened('dp_1', 100n), disputeWon('dp_1', 100n)],
    dispute(),
    [disputeOpened('dp_2', 100n)],
  ],
  [
    'a dispute won',
    [...taken, disputeOpened('dp_1', 30n)],
    { type: 'closeDispute', now, disputeId: 'dp_1', outcome: 'won' },
    [disputeWon('dp_1', 30n)],
  ],
  [
    'a dispute lost',
    [...taken, disputeOpened('dp_1', 30n)],
    { type: 'closeDispute', now, disputeId: 'dp_1', outcome: 'lost' },
    [disputeLost('dp_1', 30n)],
  ],
]

const outcomes: readonly Row[] = [
  [
    'authorized',
    [requested],
    outcomeOf('authorization', paymentId, { type: 'approved', gatewayReference: 'gw 1' }),
    [paymentEvent('PaymentAuthorized', { amount: 100n, gatewayReference: 'gw 1' })],
  ],
  [
    'authorized and captured at once, with the fee',
    [requestedAutomatic],
    outcomeOf('authorization', paymentId, approved),
    [authorized, captured('cap_auto', 100n, 0n, 3n)],
  ],
  [
    'declined',
    [requestedAutomatic],
    outcomeOf('authorization', paymentId, { type: 'declined', code: 'insufficientFunds', message: 'Not enough money' }),
    [declined],
  ],
  [
    'captured, with the fee',
    [...open, capturing('cap_1', 60n)],
    outcomeOf('capture', 'cap_1', approved),
    [captured('cap_1', 60n, 0n, 2n)],
  ],
  [
    'captured though expiresAt has passed since',
    [...open, capturing('cap_1', 60n)],
    { ...outcomeOf('capture', 'cap_1', approved), now: expiresAt },
    [captured('cap_1', 60n, 0n, 2n)],
  ],
  [
    'captured for good, the rest released',
    [...partlyTaken, capturing('cap_2', 10n, true)],
    outcomeOf('capture', 'cap_2', approved),
    [captured('cap_2', 10n, 30n, 0n)],
  ],
  [
    'captured for good, nothing left to release',
    [...partlyTaken, capturing('cap_2', 40n, true)],
    outcomeOf('capture', 'cap_2', approved),
    [captured('cap_2', 40n, 0n, 1n)],
  ],
  [
    'not captured',
    [...open, capturing('cap_1', 60n)],
    outcomeOf('capture', 'cap_1', refused),
    [captureFailed('cap_1')],
  ],
  [
    'incremented',
    [...open, incrementing('inc_1', 150n)],
    outcomeOf('increment', 'inc_1', approved),
    [incremented('inc_1', 150n, 50n)],
  ],
  [
    'not incremented',
    [...open, incrementing('inc_1', 150n)],
    outcomeOf('increment', 'inc_1', refused),
    [incrementFailed('inc_1')],
  ],
  ['voided', [...open, voiding('vo_1', 100n)], outcomeOf('void', 'vo_1', approved), [voided('vo_1', 100n)]],
  ['not voided', [...open, voiding('vo_1', 100n)], outcomeOf('void', 'vo_1', refused), [voidFailed('vo_1')]],
  [
    'refunded, though disputed since',
    [...taken, refunding('re_1', 100n), disputeOpened('dp_1', 100n)],
    outcomeOf('refund', 're_1', approved),
    [refunded('re_1', 100n)],
  ],
  ['not refunded', [...taken, refunding('re_1', 100n)], outcomeOf('refund', 're_1', refused), [refundFailed('re_1')]],
]

const decides = (_why: string, given: readonly PaymentEvent[], when: PaymentCommand, then: readonly PaymentEvent[]) =>
  expect(decidePayment(when, foldPayment(given))).toEqual(accept(...then))

describe('what is asked of the gateway', () => {
  test.each(intents)('%s', decides)
})
describe('what is recorded without a gateway', () => {
  test.each(facts)('%s', decides)
})
describe('what the gateway says', () => {
  test.each(outcomes)('%s', decides)
})

test('what a client didn’t say is absent, not undefined', () => {
  const decision = decidePayment(authorizeCommand, undefined)
  expect(decision.type === 'accepted' && Object.keys(decision.events[0]?.data ?? {})).toEqual([
    'paymentId',
    'merchantId',
    'currency',
    'gateway',
    'amount',
    'method',
    'capture',
    'expiresAt',
  ])
})

test('what a client said is kept', () => {
  const said = {
    customerId: 'cus_1',
    reference: 'order 1',
    metadata: { cart: '7' },
    mandate: { reference: 'mandate 1', sequence: 2 },
    authentication: { type: 'biometric' },
  } as const
  const decision = decidePayment({ ...authorizeCommand, ...said }, undefined)
  expect(decision).toMatchObject({ events: [{ data: said }] })
})

test('without a fee schedule nothing is kept', () => {
  const outcome: PaymentCommand = {
    type: 'recordOutcome',
    now,
    operation: 'capture',
    operationId: 'cap_1',
    outcome: approved,
    fees: noFees,
  }
  expect(decidePayment(outcome, foldPayment([...open, capturing('cap_1', 60n)]))).toEqual(
    accept(captured('cap_1', 60n)),
  )
})
