import { expect, test } from 'vitest'
import {
  authorized,
  captured,
  capturing,
  disputeOpened,
  paymentAfter,
  refunded,
  refunding,
  requested,
  voiding,
} from '../testing/payments.ts'
import { capturable, disputable, refundable } from './limits.ts'

test('what is asked of the gateway is not there twice', () => {
  const payment = paymentAfter(requested, authorized, capturing('cap_1', 60n), voiding('vo_1', 30n))
  expect(capturable(payment)).toBe(10n)
})

test('a dispute after a refund leaves nothing to refund, and never less', () => {
  const payment = paymentAfter(
    requested,
    authorized,
    capturing('cap_1', 100n),
    captured('cap_1', 100n),
    refunding('re_1', 70n),
    refunded('re_1', 70n),
    disputeOpened('dp_1', 60n),
  )
  expect(refundable(payment)).toBe(0n)
  expect(disputable(payment)).toBe(40n)
})
