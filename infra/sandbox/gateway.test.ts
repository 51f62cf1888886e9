import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { GatewayLookup, GatewayOperation } from '../../command-side/gateway.ts'
import type { OperationKind } from '../../domain/payment/command.ts'
import type { Method } from '../../domain/payment/method.ts'
import { behaviourOf } from './behaviour.ts'
import { sandboxGateway } from './gateway.ts'

const operationOf = (method: Method, operation: OperationKind = 'authorization'): GatewayOperation => ({
  operation,
  reference: 'pay_1',
  paymentId: 'pay_1',
  amount: 100n,
  currency: 'INR',
  method,
  capture: 'automatic',
})
const card = (token: string): Method => ({ type: 'card', token })
const never = new AbortController().signal
const approved = { type: 'approved', gatewayReference: 'sandbox-pay_1' }
const declined = (code: string) => ({ type: 'declined', code, message: expect.any(String) as string })

test.each<[string, unknown]>([
  ['tok_4711', approved],
  ['approve', approved],
  ['decline', declined('declined')],
  ['decline-insufficientFunds', declined('insufficientFunds')],
  ['decline-someOtherCode7', declined('someOtherCode7')],
  ['decline-not!acode', declined('declined')],
  ['slow-1', approved],
  ['unheard.of.decline-limitExceeded', declined('limitExceeded')],
  ['approve.decline', approved],
])('a card with token %s', async (token, outcome) => {
  const gateway = sandboxGateway({ latencyMs: 0 })
  expect(await gateway.authorize(operationOf(card(token)), never)).toEqual(outcome)
  expect(await gateway.lookup(operationOf(card(token)), never)).toEqual(outcome)
})

test.each<[string, unknown]>([
  ['timeout', approved],
  ['timeout-approve', approved],
  ['timeout-decline', declined('declined')],
  ['timeout-decline-doNotHonor', declined('doNotHonor')],
  ['lost', { type: 'notFound' }],
])('token %s does not answer and is found later', async (token, found) => {
  const gateway = sandboxGateway({ latencyMs: 0 })
  await expect(gateway.authorize(operationOf(card(token)), AbortSignal.timeout(20))).rejects.toThrow('gave up')
  await expect(gateway.authorize(operationOf(card(token)), AbortSignal.abort())).rejects.toThrow('gave up')
  expect(await gateway.lookup(operationOf(card(token)), never)).toEqual(found)
})

test.each<[OperationKind, string]>([
  ['capture', 'capture'],
  ['increment', 'increment'],
  ['void', 'void'],
  ['refund', 'refund'],
])('a %s is told by its own prefix', async (operation, prefix) => {
  const gateway = sandboxGateway({ latencyMs: 0 })
  const method = card(`decline-expiredCard.${prefix}-decline-limitExceeded`)
  const instructed = operationOf(method, operation)
  const call = operation === 'authorization' ? 'authorize' : operation
  expect(await gateway[call](instructed, never)).toEqual(declined('limitExceeded'))
  expect(await gateway.lookup(instructed, never)).toEqual(declined('limitExceeded'))
  expect(await gateway[call](operationOf(card('decline'), operation), never)).toEqual(approved)
  expect(await gateway.authorize(operationOf(method), never)).toEqual(declined('expiredCard'))
})

test('the authorization may be named too', () => {
  expect(behaviourOf(operationOf(card('authorize-decline'))).decline?.code).toBe('declined')
})

test.each<Method>([
  { type: 'upi', vpa: 'decline@okbank' },
  { type: 'card', token: 'decline' },
  { type: 'wallet', provider: 'paytm', token: 'decline' },
  { type: 'netbanking', bank: 'hdfc', token: 'decline' },
  { type: 'qr', token: 'decline' },
  { type: 'bnpl', provider: 'simpl', token: 'decline' },
  { type: 'emi', token: 'decline', installments: 3 },
])('every method can be told: $type', (method) => {
  expect(behaviourOf(operationOf(method)).decline?.code).toBe('declined')
})

test('a method without a token is approved', () => {
  expect(behaviourOf(operationOf({ type: 'qr', qrId: 'decline' })).decline).toBeUndefined()
  expect(behaviourOf(operationOf({ type: 'upi', vpa: 'asha@decline' })).decline).toBeUndefined()
})

test('slow says for how long, a second when it does not', () => {
  expect(behaviourOf(operationOf(card('slow'))).delayMs).toBe(1_000)
  expect(behaviourOf(operationOf(card('slow-250'))).delayMs).toBe(250)
})

test('latency is waited for until the caller gives up', async () => {
  const gateway = sandboxGateway({ latencyMs: 60_000 })
  await expect(gateway.authorize(operationOf(card('tok')), AbortSignal.timeout(10))).rejects.toThrow()
  await expect(gateway.lookup(operationOf(card('tok')), AbortSignal.timeout(10))).rejects.toThrow()
})

describe('the table in docs/SANDBOX.md', () => {
  const text = readFileSync(new URL('../../docs/SANDBOX.md', import.meta.url), 'utf8')
  const rows = [...text.matchAll(/^\| `([\w-]+)` \| (approved|none|declined, `\w+`) \| (.+) \|$/gm)]
  const said = (outcome: GatewayLookup): string =>
    ({
      approved: () => 'approved',
      declined: () => `declined, \`${outcome.type === 'declined' ? outcome.code : ''}\``,
      notFound: () => 'never received',
      pending: () => 'not decided',
    })[outcome.type]()

  test('has all instructions', () => {
    expect(rows.map(([, token]) => token?.split('-')[0])).toEqual(
      expect.arrayContaining(['approve', 'decline', 'timeout', 'lost', 'slow']),
    )
  })
  test.each(rows.map(([, token = '', answer = '', found = '']) => [token, answer, found]))(
    '%s: %s, %s',
    async (token, answer, found) => {
      const gateway = sandboxGateway({ latencyMs: 0 })
      const operation = operationOf(card(token))
      const heard = await gateway.authorize(operation, AbortSignal.timeout(100)).then(said, () => 'none')
      expect([heard, said(await gateway.lookup(operation, never))]).toEqual([answer, found])
    },
  )
})
