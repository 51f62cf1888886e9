import { expect, test } from 'vitest'
import {
  authorized,
  captured,
  foldPayment,
  incremented,
  incrementing,
  paymentAfter,
  requested,
  requestedAutomatic,
  secondsLater,
} from '../testing/payments.ts'
import { evolvePayment } from './evolve.ts'

test('a stream that begins in the middle is damaged', () => {
  expect(() => foldPayment([authorized])).toThrow('PaymentAuthorized without a payment before it')
})

test('each event is a revision and a time', () => {
  const payment = paymentAfter(requested, authorized, incrementing('inc_1', 150n), incremented('inc_1', 150n, 50n))
  expect(payment).toMatchObject({
    amount: 150n,
    authorized: 150n,
    revision: 3,
    createdAt: secondsLater(0),
    updatedAt: secondsLater(3),
  })
})

test('an automatic capture is there once it has succeeded, as of then', () => {
  expect(paymentAfter(requestedAutomatic, authorized).captures).toEqual([])
  expect(paymentAfter(requestedAutomatic, authorized, captured('cap_auto', 100n)).captures).toEqual([
    { id: 'cap_auto', amount: 100n, status: 'succeeded', createdAt: secondsLater(2) },
  ])
})

test('the payment before the event stays as it was', () => {
  const before = paymentAfter(requested)
  const copy = structuredClone(before)
  evolvePayment(before, { ...authorized, recordedAt: secondsLater(1) })
  expect(before).toEqual(copy)
})
