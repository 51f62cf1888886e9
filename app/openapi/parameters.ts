import { methodTypes } from '../../domain/payment/method.ts'
import type { HeaderName } from './operation.ts'

type Json = Readonly<Record<string, unknown>>

const path = (name: string, pattern: string, example: string): readonly [string, Json] => [
  name,
  { name, in: 'path', required: true, schema: { type: 'string', pattern }, example },
]

/** Parameters in paths, by name. */
export const pathParameters: Readonly<Record<string, Json>> = Object.fromEntries([
  path('paymentId', '^pay_[0-9a-f]{32}$', 'pay_3f2a9c1e0b7d5a648c21f0e9d7b6a513'),
  path('payoutId', '^po_[0-9a-f]{32}$', 'po_7e4d1a8b9c2f5063a1b4c7d0e3f6a9b2'),
  path('settlementId', '^st_[0-9a-f]{32}$', 'st_2b6c8d4e0f1a5372b9c1d3e5f7a8b0c2'),
  path('disputeId', '^dp_[0-9a-f]{32}$', 'dp_4c8e0a2b6d1f5397e8a0c2b4d6f1e3a5'),
  path('merchantId', '^[A-Za-z0-9_-]{1,64}$', '1042'),
  path('customerId', '^.{1,100}$', 'cust_81'),
  path('projection', '^(payments|payouts|journal|periods)$', 'payments'),
  path('stream', '^.+$', 'payment-pay_3f2a9c1e0b7d5a648c21f0e9d7b6a513'),
  path('keyId', '^.+$', 'k_7a1c'),
  path('name', '^.+$', 'sandbox'),
  path('method', `^(${methodTypes.join('|')})$`, 'upi'),
])

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  schema: { type: 'string', pattern: '^[\\x20-\\x7e]{1,255}$' },
  example: 'order-1',
  description: 'Makes the command repeatable: same key and body, same answer. See Idempotency.',
}

/** Headers of requests, by the names under which operations refer to them. */
export const requestHeaders: Readonly<Record<string, Json>> = {
  'Idempotency-Key': idempotencyKey,
  'Idempotency-Key-required': { ...idempotencyKey, required: true },
  'If-Match': {
    name: 'If-Match',
    in: 'header',
    schema: { type: 'string' },
    example: '"2"',
    description: 'ETags of the revisions that the command is meant for; 412 for any other',
  },
  'If-None-Match': {
    name: 'If-None-Match',
    in: 'header',
    schema: { type: 'string' },
    example: '"2"',
    description: 'ETags that the client has already; 304 for one of these',
  },
}

const text = (description: string, example: string): Json => ({ description, schema: { type: 'string' }, example })
const integer = (description: string, example: number): Json => ({ description, schema: { type: 'integer' }, example })

/** Headers of answers. */
export const responseHeaders: Readonly<Record<HeaderName, Json>> = {
  Allow: text('The methods that the path knows', 'GET, POST'),
  'Daybook-As-Of': text(
    'The instant that `asOf` asked for; absent where it did not ask for one',
    '2026-11-28T18:30:00.000Z',
  ),
  'Daybook-Position': text(
    'What the command has reached, or up to where the read has seen; with `asOf`, exactly what it speaks of; opaque',
    '48213',
  ),
  ETag: text('The revision of the resource, in quotes', '"2"'),
  'Idempotency-Replayed': { description: 'The answer was given before', schema: { type: 'string', const: 'true' } },
  Location: text('Where the resource is', '/v1/payments/pay_3f2a9c1e0b7d5a648c21f0e9d7b6a513'),
  'RateLimit-Limit': integer('Requests that a window allows; absent where there is no limit', 1_000),
  'RateLimit-Remaining': integer('Requests left in this window', 999),
  'RateLimit-Reset': integer('Seconds until the window is full again', 60),
  'Retry-After': integer('Seconds after which to try again', 1),
  'WWW-Authenticate': text('How to authenticate', 'Bearer realm="daybook"'),
  traceparent: text('W3C trace context of the request', '00-4bf92f3577b34da6a3ce929d0e0e4736-1f067aa0ba902b7b-01'),
}
