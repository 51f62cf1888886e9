import * as examples from '../examples.ts'
import type { Operation } from '../operation.ts'
import { EventsQuery } from '../../../query-side/events.ts'
import { PaymentsQuery } from '../../../query-side/payments.ts'
import { ResourceQuery } from '../../../query-side/transaction.ts'
import { everybody, ifNoneMatch, list, page, read, shortPages, tagged, withEvents } from './common.ts'

/** How payments are read. */
export const paymentReads: readonly Operation[] = [
  {
    id: 'listPayments',
    method: 'get',
    path: '/v1/payments',
    tag: 'Payments',
    summary: 'List payments, newest first',
    description: shortPages,
    roles: everybody,
    query: PaymentsQuery,
    answers: page('PaymentPage', examples.capturedPayment),
    problems: [...list, 'keyStoreUnavailable'],
  },
  {
    id: 'getPayment',
    method: 'get',
    path: '/v1/payments/{paymentId}',
    tag: 'Payments',
    summary: 'Get a payment',
    roles: everybody,
    query: ResourceQuery,
    requestHeaders: [ifNoneMatch],
    answers: tagged('The payment', 'Payment', examples.capturedPayment),
    problems: [...read, 'paymentNotFound', 'keyStoreUnavailable'],
  },
  {
    id: 'listPaymentEvents',
    method: 'get',
    path: '/v1/payments/{paymentId}/events',
    tag: 'Payments',
    summary: "List a payment's events, oldest first",
    description: 'What happened, as it was recorded. Read from the log itself, so it is never behind.',
    roles: withEvents,
    query: EventsQuery,
    answers: page('EventPage', examples.capturedEvent),
    problems: [
      'invalidRequest',
      'notYetProjected',
      'invalidCursor',
      'paymentNotFound',
      'eventNotUnderstood',
      'keyStoreUnavailable',
    ],
  },
]
