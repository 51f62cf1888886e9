import fc from 'fast-check'
import Value from 'typebox/value'
import { expect, test } from 'vitest'
import { accept } from '../decider.ts'
import type { Dated } from '../event.ts'
import { secondsLater } from '../testing/payments.ts'
import {
  bankFailure,
  foldPayout,
  payoutAfter,
  payoutFailed,
  payoutRequested,
  payoutReturned,
  payoutSent,
  payoutSettled,
  requestPayoutCommand,
} from '../testing/payouts.ts'
import type { PayoutCommand } from './command.ts'
import { decidePayout } from './decide.ts'
import type { PayoutEvent } from './event.ts'
import { evolvePayout } from './evolve.ts'
import { PayoutResourceSchema, payoutFromResource, payoutResource } from './resource.ts'
import type { PayoutState } from './state.ts'

const now = secondsLater(60)
const sent = [payoutRequested, payoutSent]

type Row = readonly [why: string, given: readonly PayoutEvent[], when: PayoutCommand, then: PayoutEvent]
const rows: readonly Row[] = [
  ['asked for', [], requestPayoutCommand, payoutRequested],
  ['sent', [payoutRequested], { type: 'markSent', now, bankReference: 'utr 1' }, payoutSent],
  ['settled', sent, { type: 'markSettled', now }, payoutSettled],
  ['failed before it was sent', [payoutRequested], { type: 'markFailed', now, ...bankFailure }, payoutFailed],
  ['failed', sent, { type: 'markFailed', now, ...bankFailure }, payoutFailed],
  ['returned', sent, { type: 'markReturned', now, ...bankFailure }, payoutReturned(false)],
  [
    'returned after it was settled',
    [...sent, payoutSettled],
    { type: 'markReturned', now, ...bankFailure },
    payoutReturned(true),
  ],
]
test.each(rows)('%s', (_why, given, when, then) => {
  expect(decidePayout(when, foldPayout(given))).toEqual(accept(then))
})

test('a payout is what happened to it', () => {
  expect(payoutAfter(payoutRequested, payoutSent, payoutSettled)).toMatchObject({
    status: 'settled',
    bank: 'sandbox',
    bankReference: 'utr 1',
    createdAt: secondsLater(0),
    updatedAt: secondsLater(2),
    revision: 2,
  })
  expect(() => foldPayout([payoutSent])).toThrow('PayoutSent without a payout before it')
})

test('a payout looks as the contract says, to the byte', () => {
  const { bank, ...order } = requestPayoutCommand
  const decision = decidePayout({ ...order, bank, reference: 'week 1', metadata: { week: '1' } }, undefined)
  const payout = decision.type === 'accepted' ? foldPayout(decision.events) : undefined
  expect(payout && JSON.stringify(payoutResource(payout))).toBe(
    '{"id":"po_00000000000000000000000000000001","merchantId":"1042","status":"requested","amount":100,' +
      '"currency":"INR","destination":{"type":"bankAccount","token":"tok_1","last4":"6789"},"reference":"week 1",' +
      '"metadata":{"week":"1"},"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z",' +
      '"revision":0}',
  )
  const failed = payoutResource(payoutAfter(payoutRequested, payoutFailed))
  expect(Object.keys(failed).slice(6, 10)).toEqual(['reference', 'metadata', 'decline', 'createdAt'])
  expect(failed).toMatchObject({ reference: null, metadata: {}, decline: bankFailure })
})

test('folding by way of the resource comes to the same, whatever the bank says in whatever order', () => {
  const command = fc.constantFrom<PayoutCommand[]>(
    { type: 'markSent', now },
    { type: 'markSettled', now },
    { type: 'markFailed', now, ...bankFailure },
    { type: 'markReturned', now, ...bankFailure },
  )
  fc.assert(
    fc.property(fc.array(command, { maxLength: 12 }), (commands) => {
      const first: Dated<PayoutEvent> = { ...payoutRequested, recordedAt: now }
      let payout: PayoutState = evolvePayout(undefined, first)
      for (const [index, each] of commands.entries()) {
        const decision = decidePayout(each, payout)
        if (decision.type === 'rejected') continue
        for (const event of decision.events) {
          const dated = { ...event, recordedAt: secondsLater(index) }
          const document = JSON.stringify(payoutResource(payout))
          const restored = evolvePayout(payoutFromResource(JSON.parse(document)), dated)
          payout = evolvePayout(payout, dated)
          expect(JSON.stringify(payoutResource(restored))).toBe(JSON.stringify(payoutResource(payout)))
          expect(Value.Errors(PayoutResourceSchema, payoutResource(payout))).toEqual([])
        }
      }
      // Request, sending, settling and coming back: nothing lasts longer.
      expect(payout.revision).toBeLessThanOrEqual(3)
    }),
  )
})
