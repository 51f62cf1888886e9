import type { TSchema } from 'typebox'
import Value from 'typebox/value'
import { expect, test } from 'vitest'
import {
  AuthorizeBody,
  CaptureBody,
  CloseDisputeBody,
  DisputeBody,
  ExpireBody,
  IncrementBody,
  RefundBody,
  VoidBody,
} from './request.ts'

const upi = { type: 'upi', vpa: 'asha@okbank' } as const
const payment = { amount: 12_500, currency: 'INR', method: upi }

const good: readonly (readonly [string, TSchema, unknown])[] = [
  ['a payment', AuthorizeBody, payment],
  [
    'a payment with all there is',
    AuthorizeBody,
    {
      ...payment,
      capture: 'manual',
      customerId: 'cus_1',
      reference: 'order 1',
      metadata: { cart: '7' },
      mandate: { reference: 'mandate 1' },
      authentication: { type: 'otp' },
      merchantId: '1042',
    },
  ],
  ['the largest amount', AuthorizeBody, { ...payment, amount: 1_000_000_000_000 }],
  ['a capture of all', CaptureBody, {}],
  ['a final capture of a part', CaptureBody, { amount: 1, final: true }],
  ['a void', VoidBody, {}],
  ['an increment', IncrementBody, { amount: 200 }],
  ['a refund of all', RefundBody, {}],
  ['a refund with a reason', RefundBody, { amount: 5, reason: 'torn' }],
  ['an expiry', ExpireBody, {}],
  ['a dispute', DisputeBody, { reason: 'fraud', amount: 5, reference: 'case 1' }],
  ['a dispute’s end', CloseDisputeBody, {}],
]
test.each(good)('takes %s', (_what, schema, body) => {
  expect(Value.Errors(schema, body)).toEqual([])
})

const bad: readonly (readonly [string, TSchema, unknown])[] = [
  ['a payment of nothing', AuthorizeBody, { ...payment, amount: 0 }],
  ['a negative payment', AuthorizeBody, { ...payment, amount: -1 }],
  ['half a minor unit', AuthorizeBody, { ...payment, amount: 0.5 }],
  ['more than the largest amount', AuthorizeBody, { ...payment, amount: 1_000_000_000_001 }],
  ['an amount in words', AuthorizeBody, { ...payment, amount: '100' }],
  ['a payment without a method', AuthorizeBody, { amount: 1, currency: 'INR' }],
  ['a payment with a gateway of the client’s choice', AuthorizeBody, { ...payment, gateway: 'sandbox' }],
  ['a card number', AuthorizeBody, { ...payment, method: { type: 'card', token: 't', number: '4242424242424242' } }],
  ['a currency in small letters', AuthorizeBody, { ...payment, currency: 'inr' }],
  ['text with a NUL', AuthorizeBody, { ...payment, reference: 'a\u0000b' }],
  ['a label with a space', AuthorizeBody, { ...payment, metadata: { 'my cart': '7' } }],
  ['a capture with a currency', CaptureBody, { amount: 1, currency: 'INR' }],
  ['a final that is no boolean', CaptureBody, { final: 'yes' }],
  ['a void with an amount', VoidBody, { amount: 1 }],
  ['an increment without an amount', IncrementBody, {}],
  ['a refund of nothing', RefundBody, { amount: 0 }],
  ['a dispute without a reason', DisputeBody, {}],
]
test.each(bad)('refuses %s', (_what, schema, body) => {
  expect(Value.Check(schema, body)).toBe(false)
})
