import { expect, test } from 'vitest'
import {
  authorizeCommand,
  authorized,
  captured,
  captureFailed,
  capturing,
  disputeOpened,
  expired,
  expiresAt,
  incrementing,
  paymentAfter,
  paymentEvent,
  requested,
  requestedAutomatic,
  secondsLater,
} from '../testing/payments.ts'
import { paymentFromResource, paymentResource, pendingIncrements } from './resource.ts'

test('a payment looks as the contract says, to the byte', () => {
  const payment = paymentAfter(
    paymentEvent('PaymentAuthorizationRequested', {
      amount: 12_500n,
      method: { type: 'upi', vpa: 'asha@okbank' },
      capture: 'automatic',
      captureId: 'cap_1',
      expiresAt,
      customerId: 'cus_1',
      reference: 'order 1',
      metadata: { cart: '7' },
    }),
    paymentEvent('PaymentAuthorized', { amount: 12_500n }),
    captured('cap_1', 12_500n),
  )
  expect(JSON.stringify(paymentResource(payment))).toBe(
    '{"id":"pay_00000000000000000000000000000001","merchantId":"1042","status":"captured","amount":12500,' +
      '"currency":"INR","authorized":12500,"captured":12500,"refunded":0,"voided":0,"expired":0,"disputed":0,' +
      '"method":{"type":"upi","vpa":"asha@okbank"},"gateway":"sandbox","customerId":"cus_1","reference":"order 1",' +
      '"metadata":{"cart":"7"},"captures":[{"id":"cap_1","amount":12500,"status":"succeeded",' +
      '"createdAt":"2026-01-01T00:00:02.000Z"}],"refunds":[],"voids":[],"disputes":[],"expiresAt":null,' +
      '"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:02.000Z","revision":2}',
  )
})

test('what is optional is null or empty, or not there', () => {
  const { customerId, reference, metadata, ...resource } = paymentResource(paymentAfter(requested))
  expect({ customerId, reference, metadata }).toEqual({ customerId: null, reference: null, metadata: {} })
  expect(resource).not.toHaveProperty('decline')
  expect(resource).not.toHaveProperty('mandate')
  expect(resource).not.toHaveProperty('authentication')
})

test('a declined payment says why, after the metadata', () => {
  const decline = { code: 'insufficientFunds', message: 'Not enough money' }
  const resource = paymentResource(paymentAfter(requested, paymentEvent('PaymentDeclined', decline)))
  expect(resource).toMatchObject({ status: 'declined', decline, authorized: 0 })
  expect(Object.keys(resource).slice(15, 18)).toEqual(['metadata', 'decline', 'captures'])
})

test('mandate and authentication are shown as they were given', () => {
  const mandate = { reference: 'mandate 1', sequence: 3 }
  const authentication = { type: 'threeDSecure', reference: '3ds 1' } as const
  const { amount, method, capture } = authorizeCommand
  const event = paymentEvent('PaymentAuthorizationRequested', {
    amount,
    method,
    capture,
    expiresAt,
    mandate,
    authentication,
  })
  expect(paymentResource(paymentAfter(event))).toMatchObject({ mandate, authentication })
})

test('entries say when they were asked for, and why they failed', () => {
  const payment = paymentAfter(
    requested,
    authorized,
    capturing('cap_1', 60n),
    captureFailed('cap_1'),
    capturing('cap_2', 100n),
    captured('cap_2', 100n),
    paymentEvent('PaymentRefundRequested', { refundId: 're_1', amount: 10n, reason: 'torn' }),
    disputeOpened('dp_1', 20n),
  )
  expect(paymentResource(payment)).toMatchObject({
    captures: [
      {
        id: 'cap_1',
        amount: 60,
        status: 'failed',
        createdAt: secondsLater(2),
        decline: { code: 'refused', message: 'The gateway said no' },
      },
      { id: 'cap_2', amount: 100, status: 'succeeded', createdAt: secondsLater(4) },
    ],
    refunds: [{ id: 're_1', amount: 10, status: 'pending', createdAt: secondsLater(6), reason: 'torn' }],
    disputes: [{ id: 'dp_1', amount: 20, status: 'open', reason: 'fraud', createdAt: secondsLater(7) }],
  })
})

test.each([
  ['asked, to be captured by hand', expiresAt, [requested]],
  ['asked, to be captured at once', null, [requestedAutomatic]],
  ['held', expiresAt, [requested, authorized]],
  ['a part captured', expiresAt, [requested, authorized, capturing('cap_1', 60n), captured('cap_1', 60n)]],
  ['all captured', null, [requested, authorized, capturing('cap_1', 100n), captured('cap_1', 100n)]],
  ['the rest released', null, [requested, authorized, capturing('cap_1', 60n, true), captured('cap_1', 60n, 40n)]],
  ['lapsed', null, [requested, authorized, expired(100n)]],
])('expiresAt, %s: %s', (_why, shown, events) => {
  expect(paymentResource(paymentAfter(...events)).expiresAt).toBe(shown)
})

test('pending increments travel beside the resource', () => {
  const payment = paymentAfter(requested, authorized, incrementing('inc_1', 150n))
  const increments = pendingIncrements(payment)
  expect(increments).toEqual([{ id: 'inc_1', amount: 150, status: 'pending', createdAt: secondsLater(2) }])
  expect(paymentFromResource(paymentResource(payment), increments).increments).toEqual(payment.increments)
})
