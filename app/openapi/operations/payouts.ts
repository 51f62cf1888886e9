import * as examples from '../examples.ts'
import type { Operation } from '../operation.ts'
import { EventsQuery } from '../../../query-side/events.ts'
import { PayoutsQuery } from '../../../query-side/payouts.ts'
import { ResourceQuery } from '../../../query-side/transaction.ts'
import {
  changed,
  everybody,
  ifMatch,
  ifNoneMatch,
  key,
  keyed,
  list,
  made,
  operator,
  optionalKey,
  optionallyKeyed,
  own,
  page,
  read,
  shortPages,
  tagged,
  withEvents,
} from './common.ts'

const moves = {
  sent: {
    says: 'took it',
    schema: 'PayoutSentRequest',
    example: { bankReference: 'utr-91' },
    refusals: ['payoutAlreadySent'],
  },
  settled: { says: 'has paid it out', schema: 'PayoutSettledRequest', example: {}, refusals: ['payoutNotSent'] },
  failed: {
    says: 'did not make it',
    schema: 'PayoutFailedRequest',
    example: { code: 'accountClosed', message: 'The account is closed' },
    refusals: [],
  },
  returned: {
    says: 'sent it back',
    schema: 'PayoutFailedRequest',
    example: { code: 'accountFrozen', message: 'The account is frozen' },
    refusals: ['payoutNotSent'],
  },
} as const

/** What is done to payouts, and how they are read. */
export const payouts: readonly Operation[] = [
  {
    id: 'requestPayout',
    method: 'post',
    path: '/v1/payouts',
    tag: 'Payouts',
    summary: 'Pay out available money',
    description: 'The amount is taken from the available balance first, so that no race can overspend it.',
    roles: own,
    requestHeaders: [key],
    body: {
      schema: 'PayoutRequest',
      examples: {
        bankAccount: {
          amount: 8_000,
          currency: 'INR',
          destination: { type: 'bankAccount', token: 'ba_tok_71', bank: 'HDFC', last4: '6789' },
          reference: 'week 22',
        },
      },
    },
    answers: made('The payout', 'Payout', { sent: examples.payout }),
    problems: [...keyed, 'conflict', 'merchantNotFound', 'insufficientFunds'],
  },
  ...Object.entries(moves).map(
    ([move, { says, schema, example, refusals }]): Operation => ({
      id: `markPayout${move.charAt(0).toUpperCase()}${move.slice(1)}`,
      method: 'post',
      path: `/v1/payouts/{payoutId}/${move}`,
      tag: 'Payouts',
      summary: `Record that the bank ${says}`,
      description: 'For banks without a driver: an operator tells what the bank told.',
      roles: operator,
      requestHeaders: [optionalKey, ifMatch],
      body: { schema, examples: { told: example } },
      answers: changed('Payout', examples.payout),
      problems: [...optionallyKeyed, 'payoutNotFound', 'payoutEnded', ...refusals],
    }),
  ),
  {
    id: 'listPayouts',
    method: 'get',
    path: '/v1/payouts',
    tag: 'Payouts',
    summary: 'List payouts, newest first',
    description: shortPages,
    roles: everybody,
    query: PayoutsQuery,
    answers: page('PayoutPage', examples.payout),
    problems: [...list, 'keyStoreUnavailable'],
  },
  {
    id: 'getPayout',
    method: 'get',
    path: '/v1/payouts/{payoutId}',
    tag: 'Payouts',
    summary: 'Get a payout',
    roles: everybody,
    query: ResourceQuery,
    requestHeaders: [ifNoneMatch],
    answers: tagged('The payout', 'Payout', examples.payout),
    problems: [...read, 'payoutNotFound', 'keyStoreUnavailable'],
  },
  {
    id: 'listPayoutEvents',
    method: 'get',
    path: '/v1/payouts/{payoutId}/events',
    tag: 'Payouts',
    summary: "List a payout's events, oldest first",
    roles: withEvents,
    query: EventsQuery,
    answers: page('EventPage'),
    problems: [
      'invalidRequest',
      'notYetProjected',
      'invalidCursor',
      'payoutNotFound',
      'eventNotUnderstood',
      'keyStoreUnavailable',
    ],
  },
]
