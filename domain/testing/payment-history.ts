import fc from 'fast-check'
import { anyPayment, type PaymentRules } from '../gateway/rules.ts'
import type { Told } from '../judge.ts'
import type { FeeSchedule } from '../merchant/fees.ts'
import type { PaymentCommand } from '../payment/command.ts'
import { decidePayment } from '../payment/decide.ts'
import type { PaymentEvent } from '../payment/event.ts'
import { evolvePayment } from '../payment/evolve.ts'
import { expiryCause } from '../payment/expire.ts'
import type { PaymentState } from '../payment/state.ts'
import { unresolvedOperations } from '../payment/unresolved.ts'
import type { Rejection } from '../rejection.ts'
import { authorizeCommand, expiresAt, secondsLater } from './payments.ts'

/** The schedule that every capture is charged by. */
export const fees: FeeSchedule = { default: { basisPoints: 250, fixed: 3 } }

/** One thing that a client, a scheduler or the gateway does at random; what it is about is picked from the payment. */
type Step = {
  readonly kind: PaymentCommand['type']
  readonly amount: bigint | undefined
  readonly flag: boolean
  readonly pick: number
  readonly hours: number
}

const stepArbitrary: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom<PaymentCommand['type'][]>(
    'authorize',
    'capture',
    'capture',
    'void',
    'increment',
    'refund',
    'refund',
    'expire',
    'openDispute',
    'closeDispute',
    'recordOutcome',
    'recordOutcome',
    'recordOutcome',
    'recordOutcome',
    'recordOutcome',
  ),
  amount: fc.option(fc.bigInt(1n, 130n), { nil: undefined }),
  flag: fc.boolean(),
  pick: fc.nat(20),
  hours: fc.nat(8),
})

const rules: readonly PaymentRules[] = [
  { ...anyPayment, gatewayEnabled: false },
  { ...anyPayment, method: { enabled: false, limits: [] } },
  { ...anyPayment, method: { enabled: true, limits: [{ currency: 'INR', minAmount: 1n, maxAmount: 120n }] } },
]

const commandOf = (step: Step, payment: PaymentState, index: number, now: string): PaymentCommand => {
  const amount = step.amount === undefined ? {} : { amount: step.amount }
  switch (step.kind) {
    case 'authorize':
      return { ...authorizeCommand, now }
    case 'capture':
      return { type: 'capture', now, captureId: `cap_${index}`, final: step.flag && step.pick < 5, ...amount }
    case 'void':
      return { type: 'void', now, voidId: `vo_${index}` }
    case 'increment':
      return {
        type: 'increment',
        now,
        incrementId: `inc_${index}`,
        amount: (payment?.amount ?? 0n) + (step.amount ?? 0n),
        rules: rules[step.pick] ?? anyPayment,
      }
    case 'refund':
      return { type: 'refund', now, refundId: `re_${index}`, ...amount }
    case 'expire':
      return { type: 'expire', now, forced: step.flag && step.pick < 3 }
    case 'openDispute':
      return { type: 'openDispute', now, disputeId: `dp_${index}`, reason: 'fraud', ...amount }
    case 'closeDispute': {
      const disputeId = payment?.disputes[step.pick % payment.disputes.length]?.id ?? 'dp_none'
      return { type: 'closeDispute', now, disputeId, outcome: step.flag ? 'won' : 'lost' }
    }
    case 'recordOutcome': {
      const unresolved = payment === undefined ? [] : unresolvedOperations(payment)
      const { operation, operationId } = unresolved[step.pick % unresolved.length] ?? {
        operation: 'capture',
        operationId: payment?.captures[0]?.id ?? 'cap_none',
      }
      const outcome =
        step.flag || step.pick < 10
          ? ({ type: 'approved', gatewayReference: 'gw' } as const)
          : ({ type: 'declined', code: 'refused', message: 'no' } as const)
      return { type: 'recordOutcome', now, operation, operationId, outcome, fees }
    }
  }
}

export type History = { readonly events: readonly (Told & PaymentEvent)[]; readonly refused: readonly Rejection[] }

/** What becomes of an authorization when all the steps are tried one after another. */
const play = (capture: 'automatic' | 'manual', amount: bigint, steps: readonly Step[]): History => {
  const events: (Told & PaymentEvent)[] = []
  const refused: Rejection[] = []
  let payment: PaymentState
  let seconds = 0
  const run = (command: PaymentCommand) => {
    const decision = decidePayment(command, payment)
    if (decision.type === 'rejected') return refused.push(decision.rejection)
    const cause = command.type === 'expire' && !command.forced ? { cause: expiryCause } : {}
    for (const event of decision.events) {
      const metadata = { merchantId: event.data.merchantId, ...cause }
      const told = { ...event, recordedAt: command.now, metadata }
      payment = evolvePayment(payment, told)
      events.push(told)
    }
  }
  run({ ...authorizeCommand, capture, amount, metadata: { cart: '7' }, expiresAt })
  for (const [index, step] of steps.entries()) {
    seconds += step.hours * 3600
    run(commandOf(step, payment, index, secondsLater(seconds)))
  }
  return { events, refused }
}

/** Payments on which up to forty things are tried, with every outcome; the scheduler's expiry has its cause. */
export const historyArbitrary = fc
  .record({
    capture: fc.constantFrom('automatic' as const, 'manual' as const, 'manual' as const),
    amount: fc.bigInt(1n, 120n),
    steps: fc.array(stepArbitrary, { maxLength: 40, size: 'max' }),
  })
  .map(({ capture, amount, steps }) => play(capture, amount, steps))
