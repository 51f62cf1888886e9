import { accept, type Decision } from '../../domain/decider.ts'
import {
  type DomainEvent,
  gatewayStream,
  merchantStream,
  paymentStream,
  payoutStream,
  type RecordedEvent,
  repairStream,
} from '../../domain/event.ts'
import { isPaymentEvent, isPayoutEvent } from '../../domain/event-types.ts'
import type { GatewayEvent } from '../../domain/gateway/event.ts'
import { decideGateway } from '../../domain/gateway/decide.ts'
import { initialSettings } from '../../domain/gateway/evolve.ts'
import { anyPayment } from '../../domain/gateway/rules.ts'
import { decideMerchant } from '../../domain/merchant/decide.ts'
import { evolveMerchant, initialMerchant } from '../../domain/merchant/evolve.ts'
import type { FeeSchedule } from '../../domain/merchant/fees.ts'
import type { MerchantEvent } from '../../domain/merchant/event.ts'
import type { Merchant } from '../../domain/merchant/state.ts'
import { ownerOf } from '../../domain/owner.ts'
import type { PaymentCommand } from '../../domain/payment/command.ts'
import { decidePayment } from '../../domain/payment/decide.ts'
import { evolvePayment } from '../../domain/payment/evolve.ts'
import type { Method } from '../../domain/payment/method.ts'
import type { Payment } from '../../domain/payment/state.ts'
import { unresolvedOperations } from '../../domain/payment/unresolved.ts'
import type { PayoutCommand } from '../../domain/payout/command.ts'
import { decidePayout } from '../../domain/payout/decide.ts'
import { evolvePayout } from '../../domain/payout/evolve.ts'
import type { Payout } from '../../domain/payout/state.ts'
import type { RepairEvent } from '../../domain/repair/event.ts'
import { made, ordered, repairId } from '../../domain/testing/repairs.ts'
import { type Random, randomFrom } from './random.ts'
import { unsettledIn } from './unsettled-in.ts'

const fees: FeeSchedule = { default: { basisPoints: 250, fixed: 3 } }
const decline = { code: 'refused', message: 'No' } as const
const currencies = ['INR', 'USD'] as const
const methods: readonly Method[] = [
  { type: 'upi', vpa: 'asha@okbank' },
  { type: 'card', token: 'tok_1', last4: '4242', name: 'Zoë "Z" \\ O’Neil' },
  { type: 'wallet', provider: 'paytm' },
]
const hourMs = 3_600_000

const paymentCommand = (random: Random, payment: Payment, now: string): PaymentCommand => {
  const amount = random.chance(0.5) ? {} : { amount: BigInt(1 + random.below(120)) }
  const id = random.hex(32)
  const [unresolved] = unresolvedOperations(payment)
  if (unresolved !== undefined && random.chance(0.8)) {
    const { operation, operationId } = unresolved
    const outcome = random.chance(0.65) ? ({ type: 'approved' } as const) : ({ type: 'declined', ...decline } as const)
    return { type: 'recordOutcome', now, operation, operationId, outcome, fees }
  }
  switch (random.below(7)) {
    case 0:
      return { type: 'void', now, voidId: `vo_${id}` }
    case 1:
      return {
        type: 'increment',
        now,
        incrementId: `inc_${id}`,
        amount: payment.amount + BigInt(1 + random.below(50)),
        rules: anyPayment,
      }
    case 2:
      return { type: 'refund', now, refundId: `re_${id}`, reason: 'here, "quoted" and \\ more', ...amount }
    case 3:
      return { type: 'expire', now, forced: random.chance(0.3) }
    case 4:
      return { type: 'openDispute', now, disputeId: `dp_${id}`, reason: 'fraud', ...amount }
    case 5:
      return {
        type: 'closeDispute',
        now,
        disputeId: random.pick(payment.disputes)?.id ?? 'dp_none',
        outcome: random.chance(0.5) ? 'won' : 'lost',
      }
    default:
      return { type: 'capture', now, captureId: `cap_${id}`, final: random.chance(0.3), ...amount }
  }
}

const payoutCommand = (random: Random, now: string): PayoutCommand => {
  switch (random.below(4)) {
    case 0:
      return { type: 'markSettled', now }
    case 1:
      return { type: 'markFailed', now, ...decline }
    case 2:
      return { type: 'markReturned', now, ...decline }
    default:
      return { type: 'markSent', now, bankReference: 'utr 1' }
  }
}

/**
 * What merchants, their customers, the gateway and the bank might have done, decided by the real rules: `steps` attempts
 * over some months, of which many are refused. The same seed gives the same log.
 */
export const randomLog = (seed: number, steps: number, merchants: readonly string[]): RecordedEvent[] => {
  const random = randomFrom(seed)
  const log: RecordedEvent[] = []
  const payments = new Map<string, Payment>()
  const payouts = new Map<string, Payout>()
  const states = new Map<string, Merchant>(merchants.map((id) => [id, initialMerchant]))
  let time = Date.UTC(2026, 0, 30)

  const record = (stream: string, revision: number, event: DomainEvent): RecordedEvent => {
    const recorded: RecordedEvent = {
      ...event,
      id: `${random.hex(8)}-${random.hex(4)}-5${random.hex(3)}-8${random.hex(3)}-${random.hex(12)}`,
      version: 1,
      recordedAt: new Date(time).toISOString(),
      metadata: { merchantId: ownerOf(event) },
      stream,
      revision,
      log: 0,
      sequence: log.length + 1,
    }
    log.push(recorded)
    return recorded
  }
  const append = <E extends DomainEvent>(stream: string, last: number, decision: Decision<E>): RecordedEvent[] =>
    decision.type === 'rejected' ? [] : decision.events.map((event, index) => record(stream, last + 1 + index, event))

  const changePayment = (id: string, command: PaymentCommand): void => {
    let state = payments.get(id)
    for (const event of append(paymentStream(id), state?.revision ?? -1, decidePayment(command, state)))
      if (isPaymentEvent(event)) payments.set(id, (state = evolvePayment(state, event)))
  }
  const changePayout = (id: string, command: PayoutCommand): void => {
    let state = payouts.get(id)
    for (const event of append(payoutStream(id), state?.revision ?? -1, decidePayout(command, state)))
      if (isPayoutEvent(event)) payouts.set(id, (state = evolvePayout(state, event)))
  }
  const changeMerchant = (id: string, decide: (merchant: Merchant) => Decision<MerchantEvent>): boolean => {
    let state = states.get(id) ?? initialMerchant
    const events = append(merchantStream(id), state.revision, decide(state))
    for (const event of events) states.set(id, (state = evolveMerchant(state, event as typeof event & MerchantEvent)))
    return events.length > 0
  }

  for (const merchantId of merchants)
    changeMerchant(merchantId, (merchant) =>
      decideMerchant({ type: 'registerMerchant', now: '', merchantId, name: 'Shop' }, merchant),
    )

  const authorize = (merchantId: string, now: string): void => {
    const id = random.hex(32)
    changePayment(`pay_${id}`, {
      type: 'authorize',
      now,
      paymentId: `pay_${id}`,
      captureId: `cap_${id}`,
      merchantId,
      amount: BigInt(1 + random.below(200)),
      currency: random.pick(currencies) ?? 'INR',
      method: random.pick(methods) ?? { type: 'qr' },
      capture: random.chance(0.5) ? 'automatic' : 'manual',
      gateway: random.chance(0.5) ? 'sandbox' : 'other',
      rules: anyPayment,
      expiresAt: new Date(time + 48 * hourMs).toISOString(),
      ...(random.chance(0.5)
        ? { customerId: `cus_${random.below(5)}`, metadata: { note: 'back\\slash\ttab\nline' } }
        : {}),
    })
  }
  const settle = (merchantId: string, now: string): void => {
    for (const unsettled of unsettledIn(log, states.get(merchantId) ?? initialMerchant))
      changeMerchant(merchantId, (merchant) =>
        decideMerchant({ type: 'settle', now, settlementId: `st_${random.hex(32)}`, ...unsettled }, merchant),
      )
  }
  const payOut = (merchantId: string, now: string): void => {
    const payoutId = `po_${random.hex(32)}`
    const amount = BigInt(1 + random.below(100))
    const currency = random.pick(currencies) ?? 'INR'
    const destination = { type: 'upi', vpa: 'shop@okbank' } as const
    const reserved = changeMerchant(merchantId, (merchant) =>
      decideMerchant({ type: 'reservePayout', now, payoutId, amount, currency, destination }, merchant),
    )
    if (!reserved || random.chance(0.2)) return
    changePayout(payoutId, {
      type: 'requestPayout',
      now,
      payoutId,
      merchantId,
      amount,
      currency,
      bank: 'sandbox',
      destination,
    })
  }
  const movePayout = (now: string): void => {
    const id = random.pick([...payouts.keys()])
    if (id === undefined) return
    changePayout(id, payoutCommand(random, now))
    const payout = payouts.get(id)
    const given = payout?.status === 'failed' || payout?.status === 'returned'
    if (payout !== undefined && given && random.chance(0.7))
      changeMerchant(payout.merchantId, (merchant) =>
        decideMerchant({ type: 'releasePayout', now, payoutId: id }, merchant),
      )
  }

  for (let step = 0; step < steps; step++) {
    time += random.below(2 * hourMs)
    const now = new Date(time).toISOString()
    const merchantId = random.pick(merchants) ?? ''
    const choice = random.below(100)
    if (choice < 25) authorize(merchantId, now)
    else if (choice < 27) settle(merchantId, now)
    else if (choice < 32) payOut(merchantId, now)
    else if (choice < 40) movePayout(now)
    else {
      const recent = [...payments.values()].slice(-60)
      const payment = random.pick(recent)
      if (payment !== undefined) changePayment(payment.id, paymentCommand(random, payment, now))
    }
  }
  // Streams from which no read model takes anything.
  const rules = { enabled: true, limits: [{ currency: 'INR', minAmount: 1n, maxAmount: 10n ** 12n }] }
  for (const gateway of ['sandbox', 'other']) {
    const configured = decideGateway({ type: 'configureGateway', gateway, enabled: true }, initialSettings)
    const ruled = decideGateway({ type: 'setMethodRules', gateway, method: 'card', rules }, initialSettings)
    append(gatewayStream(gateway), -1, accept<GatewayEvent>(...configured, ...ruled))
  }
  append(repairStream(repairId), -1, accept<RepairEvent>(ordered, made))
  return log
}
