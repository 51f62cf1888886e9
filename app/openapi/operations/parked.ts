import { ParkedQuery } from '../../parked/schemas.ts'
import type { Operation } from '../operation.ts'
import { operator, staff } from './common.ts'

const problems = ['notFound', 'readModelUnavailable'] as const
const onBody = ['malformedJson', 'invalidRequest', 'bodyTooLarge', 'unsupportedMediaType'] as const
const path = '/v1/projections/{projection}/parked'

const copy = {
  shard: 'shard_2',
  copy: 1,
  live: true,
  position: '48213',
  revision: 3,
  eventType: 'PaymentRefunded',
  reason: 'numeric field overflow',
  unreadable: false,
  parkedAt: '2026-11-28T18:30:00.000Z',
}
const parked = { stream: 'payment-pay_3f2a9c1e0b7d5a648c21f0e9d7b6a513', discarded: null, copies: [copy] }
const discarded = { reason: 'a test payment', by: 'k_7a1c', at: '2026-11-28T18:40:00.000Z' }
const unread = { type: 'PaymentRefunded', revision: 3, position: '48213', unreadable: 'version 2 is not known' }

/** Streams that a projection has set aside. */
export const parkedStreams: readonly Operation[] = [
  {
    id: 'listParkedStreams',
    method: 'get',
    path,
    tag: 'Operations',
    summary: 'Streams that a projection has set aside, and why',
    roles: staff,
    query: ParkedQuery,
    answers: [
      {
        status: 200,
        says: 'A page of them, by name',
        schema: 'ParkedStreamPage',
        examples: { one: { data: [parked], nextCursor: null } },
      },
    ],
    problems: [...problems, 'invalidRequest', 'invalidCursor'],
  },
  {
    id: 'getParkedStream',
    method: 'get',
    path: `${path}/{stream}`,
    tag: 'Operations',
    summary: 'One of them, with the first events that are not applied',
    roles: ['auditor', 'operator'],
    answers: [
      {
        status: 200,
        says: 'At most 20 events, as they stand in the log',
        schema: 'ParkedStreamDetails',
        examples: { one: { ...parked, events: [unread] } },
      },
    ],
    problems,
  },
  {
    id: 'retryParkedStream',
    method: 'post',
    path: `${path}/{stream}/retry`,
    tag: 'Operations',
    summary: 'Try it again, in every copy',
    description:
      'What a copy has missed of the stream is applied in one transaction, and the stream is followed again. What still cannot be applied stays set aside, with what is wrong now.',
    roles: operator,
    body: { schema: 'EmptyRequest', examples: { nothing: {} } },
    answers: [
      {
        status: 200,
        says: 'It was tried',
        schema: 'Retried',
        examples: { followed: { stream: parked.stream, followed: true, parked: null } },
      },
    ],
    problems: [...problems, ...onBody],
  },
  {
    id: 'discardParkedStream',
    method: 'post',
    path: `${path}/{stream}/discard`,
    tag: 'Operations',
    summary: 'Record that the projection is to be without it, and why',
    description:
      'An event of the log says so from then on. The stream stays as it is and does not count as parked any more; a retry takes it up all the same.',
    roles: operator,
    body: { schema: 'DiscardRequest', examples: { test: { reason: discarded.reason } } },
    answers: [
      { status: 200, says: 'It is recorded', schema: 'ParkedStream', examples: { done: { ...parked, discarded } } },
    ],
    problems: [...problems, ...onBody, 'conflict', 'eventStoreUnavailable', 'overloaded'],
  },
]
