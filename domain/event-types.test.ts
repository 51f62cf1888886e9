import { expect, test } from 'vitest'
import {
  eventTypes,
  isEventType,
  isGatewayEvent,
  isMerchantEvent,
  isPaymentEvent,
  isPayoutEvent,
  isProjectionEvent,
  isRepairEvent,
  streamKind,
} from './event-types.ts'
import type { ProjectionEvent } from './projection/event.ts'
import { disabled } from './testing/gateways.ts'
import { reserved } from './testing/merchants.ts'
import { authorized } from './testing/payments.ts'
import { payoutSent } from './testing/payouts.ts'
import { ordered } from './testing/repairs.ts'

test('knows its types and no others', () => {
  expect(eventTypes).toHaveLength(38)
  expect(eventTypes.every(isEventType)).toBe(true)
  expect(isEventType('PaymentForgotten')).toBe(false)
  expect(isEventType('toString')).toBe(false)
})

const discarded: ProjectionEvent = {
  type: 'ParkedStreamDiscarded',
  data: { projection: 'journal', stream: 'payment-1', position: '7', reason: 'a test', by: 'key_1' },
}

test('tells the kinds of streams apart', () => {
  // A payout's reservation stands in the merchant's stream: that is where its money is guarded.
  const events = [authorized, payoutSent, reserved('po_1', 1n), disabled, discarded, ordered]
  expect(events.map(({ type }) => streamKind(type))).toEqual([
    'payment',
    'payout',
    'merchant',
    'gateway',
    'projection',
    'reconciliation',
  ])
  expect(events.filter(isPaymentEvent)).toEqual([authorized])
  expect(events.filter(isPayoutEvent)).toEqual([payoutSent])
  expect(events.filter(isMerchantEvent)).toEqual([reserved('po_1', 1n)])
  expect(events.filter(isGatewayEvent)).toEqual([disabled])
  expect(events.filter(isProjectionEvent)).toEqual([discarded])
  expect(events.filter(isRepairEvent)).toEqual([ordered])
})
