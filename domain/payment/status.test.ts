import { expect, test } from 'vitest'
import {
  authorized,
  captured,
  captureFailed,
  capturing,
  declined,
  disputeLost,
  disputeOpened,
  disputeWon,
  expired,
  incrementing,
  paymentAfter,
  refunded,
  refunding,
  requested,
  requestedAutomatic,
  voided,
  voiding,
} from '../testing/payments.ts'
import type { PaymentEvent } from './event.ts'
import { type PaymentStatus, paymentStatus, paymentStatuses } from './status.ts'

const open = [requested, authorized]
const taken = [...open, capturing('cap_1', 100n), captured('cap_1', 100n)]
const partlyTaken = [...open, capturing('cap_1', 60n), captured('cap_1', 60n)]

const rows: readonly (readonly [PaymentStatus, why: string, events: readonly PaymentEvent[]])[] = [
  ['pending', 'asked', [requested]],
  ['declined', 'refused', [requested, declined]],
  ['authorized', 'held', open],
  ['authorized', 'being captured', [...open, capturing('cap_1', 100n)]],
  ['authorized', 'being voided', [...open, voiding('vo_1', 100n)]],
  ['authorized', 'being incremented', [...open, incrementing('inc_1', 150n)]],
  [
    'authorized',
    'a part voided, the rest failed to be captured',
    [...open, capturing('cap_1', 60n), voiding('vo_1', 40n), voided('vo_1', 40n), captureFailed('cap_1')],
  ],
  ['captured', 'at once', [requestedAutomatic, authorized, captured('cap_auto', 100n)]],
  ['captured', 'all', taken],
  ['captured', 'a part, the rest released', [...open, capturing('cap_1', 60n, true), captured('cap_1', 60n, 40n)]],
  ['captured', 'a part, the rest voided', [...partlyTaken, voiding('vo_1', 40n), voided('vo_1', 40n)]],
  ['captured', 'a part, the rest lapsed', [...partlyTaken, expired(40n)]],
  ['captured', 'being refunded', [...taken, refunding('re_1', 100n)]],
  ['captured', 'a dispute was won', [...taken, disputeOpened('dp_1', 10n), disputeWon('dp_1', 10n)]],
  ['partiallyCaptured', 'a part', partlyTaken],
  ['partiallyCaptured', 'the rest being captured', [...partlyTaken, capturing('cap_2', 40n)]],
  ['partiallyRefunded', 'a part', [...taken, refunding('re_1', 10n), refunded('re_1', 10n)]],
  ['refunded', 'all', [...taken, refunding('re_1', 100n), refunded('re_1', 100n)]],
  [
    'refunded',
    'all that was captured, though more can be',
    [...partlyTaken, refunding('re_1', 60n), refunded('re_1', 60n)],
  ],
  ['disputed', 'open', [...taken, disputeOpened('dp_1', 10n)]],
  ['disputed', 'lost', [...taken, disputeOpened('dp_1', 10n), disputeLost('dp_1', 10n)]],
  [
    'disputed',
    'refunded before',
    [...taken, refunding('re_1', 100n), refunded('re_1', 100n), disputeOpened('dp_1', 100n)],
  ],
  ['expired', 'lapsed', [...open, expired(100n)]],
  [
    'expired',
    'a part voided, the rest lapsed',
    [...open, capturing('cap_1', 60n), voiding('vo_1', 40n), voided('vo_1', 40n), captureFailed('cap_1'), expired(60n)],
  ],
  ['voided', 'given back', [...open, voiding('vo_1', 100n), voided('vo_1', 100n)]],
]

test.each(rows)('%s: %s', (status, _why, events) => {
  expect(paymentStatus(paymentAfter(...events))).toBe(status)
})

test('every status has an example', () => {
  expect(new Set(rows.map(([status]) => status))).toEqual(new Set(paymentStatuses))
})
