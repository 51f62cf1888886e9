import { expect, test } from 'vitest'
import {
  authorized,
  captured,
  capturing,
  incrementing,
  paymentAfter,
  paymentId,
  refunding,
  requested,
  secondsLater,
  voiding,
} from '../testing/payments.ts'
import { uncaptured, unresolvedOperations } from './unresolved.ts'

test('a payment whose authorization is unknown waits for that alone', () => {
  expect(unresolvedOperations(paymentAfter(requested))).toEqual([
    { operation: 'authorization', operationId: paymentId, amount: 100n, since: secondsLater(0) },
  ])
})

test('the longest unknown comes first', () => {
  const payment = paymentAfter(
    requested,
    authorized,
    capturing('cap_1', 20n),
    captured('cap_1', 20n),
    refunding('re_1', 5n),
    capturing('cap_2', 30n),
    voiding('vo_1', 50n),
  )
  expect(unresolvedOperations(payment)).toEqual([
    { operation: 'refund', operationId: 're_1', amount: 5n, since: secondsLater(4) },
    { operation: 'capture', operationId: 'cap_2', amount: 30n, since: secondsLater(5) },
    { operation: 'void', operationId: 'vo_1', amount: 50n, since: secondsLater(6) },
  ])
  expect(uncaptured(payment)).toBe(80n)
})

test('an increment is unresolved with its new total', () => {
  expect(unresolvedOperations(paymentAfter(requested, authorized, incrementing('inc_1', 150n)))).toEqual([
    { operation: 'increment', operationId: 'inc_1', amount: 150n, since: secondsLater(2) },
  ])
})

test('nothing is unresolved where all is known', () => {
  expect(unresolvedOperations(paymentAfter(requested, authorized))).toEqual([])
})
