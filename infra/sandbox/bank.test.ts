import { expect, test } from 'vitest'
import type { BankOrder } from '../../command-side/payouts/bank.ts'
import type { Destination } from '../../domain/payout/destination.ts'
import { sandboxBank } from './bank.ts'

const orderTo = (destination: Destination): BankOrder => ({
  payoutId: 'po_1',
  merchantId: '1042',
  amount: 100n,
  currency: 'INR',
  destination,
})
const account = (token: string): BankOrder => orderTo({ type: 'bankAccount', token })
const never = new AbortController().signal
const sent = { type: 'sent', bankReference: 'sandbox-po_1' }
const failed = (code: string) => ({ type: 'failed', code, message: expect.any(String) as string })

test.each<[string, unknown]>([
  ['tok_4711', sent],
  ['decline', failed('declined')],
  ['decline-accountClosed', failed('accountClosed')],
])('an account with token %s', async (token, outcome) => {
  const bank = sandboxBank({ latencyMs: 0 })
  expect(await bank.send(account(token), never)).toEqual(outcome)
  expect(await bank.lookup(account(token), never)).toEqual(outcome)
})

test.each<[string, unknown]>([
  ['timeout', sent],
  ['timeout-decline-accountClosed', failed('accountClosed')],
  ['lost', { type: 'notFound' }],
])('token %s does not answer and is found later', async (token, found) => {
  const bank = sandboxBank({ latencyMs: 0 })
  await expect(bank.send(account(token), AbortSignal.abort())).rejects.toThrow('gave up')
  expect(await bank.lookup(account(token), never)).toEqual(found)
})

test.each<Destination>([
  { type: 'upi', vpa: 'decline@okbank' },
  { type: 'wallet', provider: 'paytm', token: 'decline' },
  { type: 'bankAccount', token: 'decline', bank: 'hdfc', last4: '1234' },
])('every destination can be told: $type', async (destination) => {
  expect(await sandboxBank({ latencyMs: 0 }).send(orderTo(destination), never)).toEqual(failed('declined'))
})
