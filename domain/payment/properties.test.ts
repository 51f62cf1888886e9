import fc from 'fast-check'
import Value from 'typebox/value'
import { expect, test } from 'vitest'
import type { Dated } from '../event.ts'
import type { Account, Layer, Posting } from '../posting.ts'
import { postings } from '../postings.ts'
import { type Rejection, rejections } from '../rejection.ts'
import { fees, historyArbitrary, type History } from '../testing/payment-history.ts'
import { secondsLater } from '../testing/payments.ts'
import { paymentRejections } from '../testing/payment-rejections.ts'
import { decidePayment } from './decide.ts'
import type { PaymentEvent } from './event.ts'
import { evolvePayment } from './evolve.ts'
import { capturable, disputable, refundable } from './limits.ts'
import { PaymentResourceSchema, paymentFromResource, paymentResource, pendingIncrements } from './resource.ts'
import type { Operation, Payment, PaymentState } from './state.ts'
import { uncaptured, unresolvedOperations } from './unresolved.ts'

const runs = { numRuns: 1_000 } as const

const sumOf = (operations: readonly Operation[], status: Operation['status']): bigint =>
  operations.filter((operation) => operation.status === status).reduce((sum, { amount }) => sum + amount, 0n)

const balance = (journal: readonly Posting[], layer: Layer, account: Account): bigint =>
  journal
    .filter((posting) => posting.layer === layer && posting.account === account)
    .reduce((sum, { amount }) => sum + amount, 0n)

/** Calls `check` after each event with the payment, the event and the journal up to it. */
const afterEach = (
  history: History,
  check: (payment: Payment, event: Dated<PaymentEvent>, journal: readonly Posting[], before: PaymentState) => void,
) => {
  const journal: Posting[] = []
  let payment: PaymentState
  for (const event of history.events) {
    const before = payment
    payment = evolvePayment(payment, event)
    journal.push(...postings(event))
    check(payment, event, journal, before)
  }
}

test('random histories reach every event and every refusal', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(historyArbitrary, ({ events, refused }) => {
      for (const { type } of events) seen.add(type)
      for (const code of refused) seen.add(code)
    }),
    { ...runs, seed: 1 },
  )
  // Ids are never used twice here, and the payment is always there.
  const outOfReach = new Set<Rejection>(['paymentNotFound', 'operationExists', 'disputeExists'])
  const codes = new Set(paymentRejections.map(({ code }) => code))
  for (const code of rejections) if (codes.has(code) && !outOfReach.has(code)) expect(seen).toContain(code)
  expect([...seen].filter((name) => name.startsWith('Payment'))).toHaveLength(19)
})

test('each event’s postings sum to zero in each layer, and none is zero', () => {
  fc.assert(
    fc.property(historyArbitrary, (history) => {
      for (const event of history.events) {
        const entries = postings(event)
        for (const layer of ['pending', 'posted'] as const)
          expect(
            entries.filter((posting) => posting.layer === layer).reduce((sum, { amount }) => sum + amount, 0n),
          ).toBe(0n)
        expect(entries.every(({ amount }) => amount !== 0n)).toBe(true)
      }
    }),
    runs,
  )
})

test('no limit is ever passed', () => {
  fc.assert(
    fc.property(historyArbitrary, (history) => {
      afterEach(history, (payment, _event, _journal, before) => {
        const { amount, authorized, captured, refunded, voided, expired, disputed } = payment
        for (const one of [amount, authorized, captured, refunded, voided, expired, disputed])
          expect(one).toBeGreaterThanOrEqual(0n)
        for (const left of [uncaptured(payment), capturable(payment), refundable(payment), disputable(payment)])
          expect(left).toBeGreaterThanOrEqual(0n)
        const claimed =
          captured + voided + expired + sumOf(payment.captures, 'pending') + sumOf(payment.voids, 'pending')
        expect(claimed).toBeLessThanOrEqual(authorized)
        expect(refunded + sumOf(payment.refunds, 'pending')).toBeLessThanOrEqual(captured)
        expect(disputed).toBeLessThanOrEqual(captured)
        expect(authorized).toBeGreaterThanOrEqual(before?.authorized ?? 0n)
        expect(payment.authorization === 'approved' ? authorized : 0n).toBe(authorized)
      })
    }),
    runs,
  )
})

test('entries sum up to the amounts', () => {
  fc.assert(
    fc.property(historyArbitrary, (history) => {
      let released = 0n
      afterEach(history, (payment, event) => {
        if (event.type === 'PaymentCaptured') released += event.data.released
        expect(sumOf(payment.captures, 'succeeded')).toBe(payment.captured)
        expect(sumOf(payment.refunds, 'succeeded')).toBe(payment.refunded)
        expect(sumOf(payment.voids, 'succeeded') + released).toBe(payment.voided)
        const standing = payment.disputes.filter(({ status }) => status !== 'won')
        expect(standing.reduce((sum, { amount }) => sum + amount, 0n)).toBe(payment.disputed)
        if (payment.authorization === 'approved') expect(payment.authorized).toBe(payment.amount)
      })
    }),
    runs,
  )
})

test('the books say what the payment says', () => {
  fc.assert(
    fc.property(historyArbitrary, (history) => {
      let kept = 0n
      afterEach(history, (payment, event, journal) => {
        if (event.type === 'PaymentCaptured') kept += event.data.fee
        expect(balance(journal, 'pending', 'gatewayReceivable')).toBe(uncaptured(payment))
        expect(balance(journal, 'pending', 'merchantPending')).toBe(-uncaptured(payment))
        expect(-balance(journal, 'posted', 'fees')).toBe(kept)
        const owed = payment.captured - payment.refunded - payment.disputed - kept
        expect(-balance(journal, 'posted', 'merchantPending')).toBe(owed)
        const open = payment.disputes
          .filter(({ status }) => status === 'open')
          .reduce((sum, { amount }) => sum + amount, 0n)
        expect(-balance(journal, 'posted', 'disputes')).toBe(open)
      })
    }),
    runs,
  )
})

test('folding by way of the resource comes to the same', () => {
  fc.assert(
    fc.property(historyArbitrary, (history) => {
      let stored: { document: string; increments: string } | undefined
      afterEach(history, (payment, event) => {
        const restored = stored && paymentFromResource(JSON.parse(stored.document), JSON.parse(stored.increments))
        const next = evolvePayment(restored, event)
        expect(paymentResource(next)).toEqual(paymentResource(payment))
        expect(unresolvedOperations(next)).toEqual(unresolvedOperations(payment))
        expect(uncaptured(next)).toBe(uncaptured(payment))
        stored = {
          document: JSON.stringify(paymentResource(next)),
          increments: JSON.stringify(pendingIncrements(next)),
        }
        expect(stored.document).toBe(JSON.stringify(paymentResource(payment)))
      })
    }),
    runs,
  )
})

test('every resource fits its schema', () => {
  fc.assert(
    fc.property(historyArbitrary, (history) => {
      afterEach(history, (payment) => {
        expect([...Value.Errors(PaymentResourceSchema, paymentResource(payment))]).toEqual([])
      })
    }),
    { numRuns: 500 },
  )
})

test('what is unresolved can always be resolved, either way, and then nothing is', () => {
  fc.assert(
    fc.property(historyArbitrary, fc.boolean(), (history, approve) => {
      let payment = history.events.reduce<PaymentState>(evolvePayment, undefined)
      const now = secondsLater(30 * 24 * 3600)
      for (const { operation, operationId } of payment === undefined ? [] : unresolvedOperations(payment)) {
        const outcome = approve
          ? ({ type: 'approved' } as const)
          : ({ type: 'declined', code: 'x', message: 'y' } as const)
        const decision = decidePayment({ type: 'recordOutcome', now, operation, operationId, outcome, fees }, payment)
        expect(decision.type).toBe('accepted')
        if (decision.type === 'accepted')
          payment = decision.events.reduce<PaymentState>(
            (state, event) => evolvePayment(state, { ...event, recordedAt: now }),
            payment,
          )
      }
      expect(payment === undefined ? [] : unresolvedOperations(payment)).toEqual([])
    }),
    runs,
  )
})
