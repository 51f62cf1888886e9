import type { RecordedEvent } from '../../domain/event.ts'
import { isPaymentEvent, isPayoutEvent } from '../../domain/event-types.ts'
import { evolvePayment } from '../../domain/payment/evolve.ts'
import { paymentResource, pendingIncrements } from '../../domain/payment/resource.ts'
import type { Payment } from '../../domain/payment/state.ts'
import { uncaptured, unresolvedOperations } from '../../domain/payment/unresolved.ts'
import { evolvePayout } from '../../domain/payout/evolve.ts'
import { payoutResource } from '../../domain/payout/resource.ts'
import type { Payout } from '../../domain/payout/state.ts'
import { postings } from '../../domain/postings.ts'
import type { Models, Row } from './read-models.ts'

/** Adds numbers to the row with this key, which is made of `key` itself when it is not there. */
const addTo = (rows: Map<string, Row>, key: Row, added: Record<string, number>): void => {
  const name = JSON.stringify(key)
  const row: Row = { ...key, ...rows.get(name) }
  for (const [column, amount] of Object.entries(added)) row[column] = Number(row[column] ?? 0) + amount
  rows.set(name, row)
}

const dayTotals = ['authorized', 'captured', 'refunded', 'disputed', 'fees'].flatMap((total) => [
  `${total}_count`,
  `${total}_amount`,
])

const additions = (event: RecordedEvent): Record<string, number> => {
  if (event.type === 'PaymentAuthorized') return { authorized_count: 1, authorized_amount: Number(event.data.amount) }
  if (event.type === 'PaymentIncremented') return { authorized_amount: Number(event.data.added) }
  if (event.type === 'PaymentRefunded') return { refunded_count: 1, refunded_amount: Number(event.data.amount) }
  if (event.type === 'PaymentDisputeOpened') return { disputed_count: 1, disputed_amount: Number(event.data.amount) }
  if (event.type !== 'PaymentCaptured') return {}
  const { amount, fee } = event.data
  const captured = { captured_count: 1, captured_amount: Number(amount) }
  return fee > 0n ? { ...captured, fees_count: 1, fees_amount: Number(fee) } : captured
}

const paymentRow = (payment: Payment, { log, sequence }: RecordedEvent): Row => {
  const resource = paymentResource(payment)
  const increments = pendingIncrements(payment)
  return {
    id: payment.id.slice(4),
    merchant_id: payment.merchantId,
    status: resource.status,
    method: payment.method.type,
    gateway: payment.gateway,
    customer_id: payment.customerId ?? null,
    currency: payment.currency,
    amount: Number(payment.amount),
    created_at: payment.createdAt,
    updated_at: payment.updatedAt,
    revision: payment.revision,
    log,
    sequence,
    unresolved_since: unresolvedOperations(payment)[0]?.since ?? null,
    expires_at: uncaptured(payment) > 0n ? payment.expiresAt : null,
    document: JSON.stringify(resource),
    increments: increments.length > 0 ? JSON.stringify(increments) : null,
  }
}

const payoutRow = (payout: Payout, { log, sequence }: RecordedEvent): Row => ({
  id: payout.id.slice(3),
  merchant_id: payout.merchantId,
  status: payout.status,
  currency: payout.currency,
  amount: Number(payout.amount),
  created_at: payout.createdAt,
  updated_at: payout.updatedAt,
  revision: payout.revision,
  log,
  sequence,
  document: JSON.stringify(payoutResource(payout)),
})

/** Payouts that wait for a step of Daybook's own, whatever the order of their events and their merchants'. */
const payoutSteps = () => {
  const seen = new Map<string, { readonly types: Set<string>; since: string; readonly merchantId: string }>()
  const isOpen = (types: ReadonlySet<string>): boolean =>
    types.has('PayoutReserved') &&
    !types.has('PayoutReleased') &&
    (!types.has('PayoutSent') || types.has('PayoutFailed') || types.has('PayoutReturned'))
  return {
    see: ({ type, data, recordedAt }: RecordedEvent): void => {
      if (!('payoutId' in data)) return
      const known = seen.get(data.payoutId) ?? { types: new Set(), since: recordedAt, merchantId: data.merchantId }
      known.types.add(type)
      if (['PayoutReserved', 'PayoutFailed', 'PayoutReturned'].includes(type)) known.since = recordedAt
      seen.set(data.payoutId, known)
    },
    open: (): Row[] =>
      [...seen].flatMap(([id, { types, since, merchantId }]) =>
        isOpen(types) ? [{ payout_id: id.slice(3), merchant_id: merchantId, since, waiting: 1 }] : [],
      ),
  }
}

/** What settlements are made of. */
const settled = ['PaymentCaptured', 'PaymentRefunded', 'PaymentDisputeOpened', 'PaymentDisputeWon']

const transactionOf = (event: RecordedEvent): string => {
  const data: Record<string, unknown> = event.data
  return String(data['paymentId'] ?? data['payoutId'] ?? data['settlementId'])
}

/** The read models that a log should give, one event after another and each for itself. */
export const expectedModels = (log: readonly RecordedEvent[]): Models => {
  const paymentStates = new Map<string, Payment>()
  const payoutStates = new Map<string, Payout>()
  const payments = new Map<string, Row>()
  const payouts = new Map<string, Row>()
  const steps = payoutSteps()
  const lines: Row[] = []
  const balances = new Map<string, Row>()
  const settlements: Row[] = []
  const days = new Map<string, Row>()

  for (const event of log) {
    const { stream, log: ofLog, sequence, recordedAt } = event
    if (isPaymentEvent(event)) {
      const state = evolvePayment(paymentStates.get(stream), event)
      paymentStates.set(stream, state)
      payments.set(stream, paymentRow(state, event))
      const added = additions(event)
      if (Object.keys(added).length > 0) {
        const key = { merchant_id: event.data.merchantId, day: recordedAt.slice(0, 10), currency: event.data.currency }
        addTo(days, key, { ...Object.fromEntries(dayTotals.map((total) => [total, 0])), ...added })
      }
    }
    if (isPayoutEvent(event)) {
      const state = evolvePayout(payoutStates.get(stream), event)
      payoutStates.set(stream, state)
      payouts.set(stream, payoutRow(state, event))
    }
    steps.see(event)
    if (event.type === 'SettlementRecorded') {
      const { settlementId, from, to, merchantId, gross, refunds, disputes, fees, net, ...rest } = event.data
      const amounts = { gross, refunds, disputes, fees, net }
      settlements.push({
        id: settlementId.slice(3),
        merchant_id: merchantId,
        ...rest,
        ...Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, Number(amount)])),
        from_position: from,
        to_position: to,
        created_at: recordedAt,
        log: ofLog,
        sequence,
      })
    }
    for (const [n, { account, merchantId, currency, layer, amount }] of postings(event).entries()) {
      const books = { merchant_id: merchantId, account, currency, layer }
      const line = {
        log: ofLog,
        sequence,
        n,
        event_id: event.id.replaceAll('-', ''),
        kind: event.type,
        recorded_at: recordedAt,
      }
      lines.push({
        ...line,
        transaction_id: transactionOf(event),
        ...books,
        amount: Number(amount),
        to_settle: Number(settled.includes(event.type)),
      })
      addTo(balances, books, amount > 0n ? { debit: Number(amount), credit: 0 } : { debit: 0, credit: -Number(amount) })
    }
  }
  return {
    payments: [...payments.values()],
    payouts: [...payouts.values()],
    open_payouts: steps.open(),
    postings: lines,
    account_balances: [...balances.values()],
    settlements,
    merchant_daily_totals: [...days.values()],
  }
}
