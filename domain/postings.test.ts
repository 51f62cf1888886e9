import { expect, test } from 'vitest'
import type { DomainEvent } from './event.ts'
import type { Account, Layer } from './posting.ts'
import { postings } from './postings.ts'
import { registered, released, reserved, settled } from './testing/merchants.ts'
import {
  authorized,
  captured,
  disputeLost,
  disputeOpened,
  disputeWon,
  expired,
  incremented,
  refunded,
  requested,
  voided,
} from './testing/payments.ts'
import { payoutFailed, payoutRequested, payoutReturned, payoutSent, payoutSettled } from './testing/payouts.ts'

type Line = readonly [Layer, Account, bigint]
const rows: readonly (readonly [what: string, event: DomainEvent, lines: readonly Line[]])[] = [
  [
    'authorized',
    authorized,
    [
      ['pending', 'gatewayReceivable', 100n],
      ['pending', 'merchantPending', -100n],
    ],
  ],
  [
    'incremented: what was added',
    incremented('inc_1', 150n, 50n),
    [
      ['pending', 'gatewayReceivable', 50n],
      ['pending', 'merchantPending', -50n],
    ],
  ],
  [
    'voided',
    voided('vo_1', 40n),
    [
      ['pending', 'gatewayReceivable', -40n],
      ['pending', 'merchantPending', 40n],
    ],
  ],
  [
    'expired',
    expired(40n),
    [
      ['pending', 'gatewayReceivable', -40n],
      ['pending', 'merchantPending', 40n],
    ],
  ],
  [
    'captured, the rest released, a fee kept',
    captured('cap_1', 60n, 40n, 2n),
    [
      ['pending', 'gatewayReceivable', -100n],
      ['pending', 'merchantPending', 100n],
      ['posted', 'gatewayReceivable', 60n],
      ['posted', 'merchantPending', -60n],
      ['posted', 'merchantPending', 2n],
      ['posted', 'fees', -2n],
    ],
  ],
  [
    'captured without a fee',
    captured('cap_1', 60n),
    [
      ['pending', 'gatewayReceivable', -60n],
      ['pending', 'merchantPending', 60n],
      ['posted', 'gatewayReceivable', 60n],
      ['posted', 'merchantPending', -60n],
    ],
  ],
  [
    'refunded',
    refunded('re_1', 10n),
    [
      ['posted', 'merchantPending', 10n],
      ['posted', 'gatewayReceivable', -10n],
    ],
  ],
  [
    'a dispute holds the money',
    disputeOpened('dp_1', 10n),
    [
      ['posted', 'merchantPending', 10n],
      ['posted', 'disputes', -10n],
    ],
  ],
  [
    'won, it comes back',
    disputeWon('dp_1', 10n),
    [
      ['posted', 'disputes', 10n],
      ['posted', 'merchantPending', -10n],
    ],
  ],
  [
    'lost, it goes',
    disputeLost('dp_1', 10n),
    [
      ['posted', 'disputes', 10n],
      ['posted', 'gatewayReceivable', -10n],
    ],
  ],
  [
    'settled',
    settled,
    [
      ['posted', 'merchantPending', 830n],
      ['posted', 'merchantAvailable', -830n],
    ],
  ],
  [
    'settled to less than nothing',
    { type: 'SettlementRecorded', data: { ...settled.data, net: -5n } },
    [
      ['posted', 'merchantPending', -5n],
      ['posted', 'merchantAvailable', 5n],
    ],
  ],
  ['settled to nothing', { type: 'SettlementRecorded', data: { ...settled.data, net: 0n } }, []],
  [
    'set aside for a payout',
    reserved('po_1', 10n),
    [
      ['posted', 'merchantAvailable', 10n],
      ['posted', 'payoutsInTransit', -10n],
    ],
  ],
  [
    'given back',
    released('po_1', 10n),
    [
      ['posted', 'payoutsInTransit', 10n],
      ['posted', 'merchantAvailable', -10n],
    ],
  ],
  [
    'paid out',
    payoutSettled,
    [
      ['posted', 'payoutsInTransit', 100n],
      ['posted', 'bank', -100n],
    ],
  ],
  [
    'came back after it was paid out',
    payoutReturned(true),
    [
      ['posted', 'bank', 100n],
      ['posted', 'payoutsInTransit', -100n],
    ],
  ],
  ['came back before', payoutReturned(false), []],
  ['failed', payoutFailed, []],
  ['asked for', payoutRequested, []],
  ['sent', payoutSent, []],
  ['an intent', requested, []],
  ['a merchant', registered, []],
]

test.each(rows)('%s', (_what, event, lines) => {
  expect(postings(event).map(({ layer, account, amount }) => [layer, account, amount])).toEqual(lines)
})

test('postings stand in the books of the event’s merchant and currency', () => {
  for (const posting of postings(captured('cap_1', 60n, 40n, 2n)))
    expect(posting).toMatchObject({ merchantId: '1042', currency: 'INR' })
})
