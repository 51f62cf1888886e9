import Value from 'typebox/value'
import { expect, test } from 'vitest'
import { FailureBody, failureOf, PayoutBody, returnOf, SentBody, SettledBody } from './request.ts'

const payout = { amount: 500, currency: 'INR', destination: { type: 'bankAccount', token: 'tok_1', last4: '6789' } }

test.each([
  ['to a bank account', payout],
  ['to a VPA', { ...payout, destination: { type: 'upi', vpa: 'shop@okbank' } }],
  ['to a wallet', { ...payout, destination: { type: 'wallet', provider: 'paytm', token: 'tok_1' } }],
  ['with all there is', { ...payout, reference: 'week 1', metadata: { week: '1' }, merchantId: '1042' }],
])('takes a payout %s', (_what, body) => {
  expect(Value.Errors(PayoutBody, body)).toEqual([])
})

test.each([
  ['without a destination', { amount: 1, currency: 'INR' }],
  ['to nowhere', { ...payout, destination: { type: 'pigeon' } }],
  ['to an account by its number', { ...payout, destination: { ...payout.destination, number: '000123456789' } }],
  ['of nothing', { ...payout, amount: 0 }],
  ['with what is unknown', { ...payout, urgent: true }],
])('refuses a payout %s', (_what, body) => {
  expect(Value.Check(PayoutBody, body)).toBe(false)
})

test('takes what banks say', () => {
  expect(Value.Check(SentBody, { bankReference: 'utr 1' })).toBe(true)
  expect(Value.Check(SettledBody, {})).toBe(true)
  expect(Value.Check(FailureBody, {})).toBe(true)
  expect(Value.Check(SettledBody, { amount: 1 })).toBe(false)
})

test('a bank that doesn’t say why is given words', () => {
  const message = 'The bank could not make the payout.'
  expect(failureOf({ code: 'accountClosed' })).toEqual({ code: 'accountClosed', message })
  expect(returnOf({ message: 'Unknown name' })).toEqual({ code: 'returned', message: 'Unknown name' })
})
