import type { RecordedEvent } from '../../domain/event.ts'
import { isPaymentEvent, isPayoutEvent } from '../../domain/event-types.ts'
import { evolvePayment } from '../../domain/payment/evolve.ts'
import { paymentResource } from '../../domain/payment/resource.ts'
import type { Payment } from '../../domain/payment/state.ts'
import { evolvePayout } from '../../domain/payout/evolve.ts'
import { payoutResource } from '../../domain/payout/resource.ts'
import type { Payout } from '../../domain/payout/state.ts'
import { positionOf } from '../../domain/position.ts'
import { postings } from '../../domain/postings.ts'

type Line = { readonly account: string; readonly merchantId: string; readonly currency: string; readonly layer: string }

/** What a log says after some of its events: one event after another, and nothing else. */
export type Fold = {
  see(event: RecordedEvent): void
  /** As the API shows it; undefined where it has not begun. */
  transaction(id: string): unknown
  balances(merchantId: string): readonly unknown[]
  /** Of a merchant or of all, as the API shows them. */
  accounts(merchantId?: string): readonly unknown[]
  days(merchantId: string): readonly unknown[]
  /** Newest first. */
  entries(merchantId: string, account: string): readonly unknown[]
  settlements(merchantId: string): readonly string[]
}

const totals = ['authorized', 'captured', 'refunded', 'disputed', 'fees'] as const
type Day = Record<(typeof totals)[number], { count: number; amount: number }>
const noDay = (): Day => ({
  authorized: { count: 0, amount: 0 },
  captured: { count: 0, amount: 0 },
  refunded: { count: 0, amount: 0 },
  disputed: { count: 0, amount: 0 },
  fees: { count: 0, amount: 0 },
})

const transactionOf = ({ data }: RecordedEvent): string => {
  const fields: Readonly<Record<string, unknown>> = data
  return String(fields['paymentId'] ?? fields['payoutId'] ?? fields['settlementId'])
}

export const createFold = (): Fold => {
  const payments = new Map<string, Payment>()
  const payouts = new Map<string, Payout>()
  const sums = new Map<string, Line & { debit: number; credit: number }>()
  const days = new Map<string, { merchantId: string; day: string; currency: string; totals: Day }>()
  const lines: {
    readonly shown: { readonly recordedAt: string }
    readonly merchantId: string
    readonly account: string
    readonly sequence: number
    readonly n: number
  }[] = []
  const settlements: { merchantId: string; id: string; createdAt: string }[] = []

  const addToDay = (event: RecordedEvent): void => {
    const { data, type } = event
    if (!('currency' in data)) return
    const added: [(typeof totals)[number], number, number][] = []
    if (type === 'PaymentAuthorized') added.push(['authorized', 1, Number(data.amount)])
    if (type === 'PaymentIncremented') added.push(['authorized', 0, Number(data.added)])
    if (type === 'PaymentCaptured') added.push(['captured', 1, Number(data.amount)])
    if (type === 'PaymentCaptured' && data.fee > 0n) added.push(['fees', 1, Number(data.fee)])
    if (type === 'PaymentRefunded') added.push(['refunded', 1, Number(data.amount)])
    if (type === 'PaymentDisputeOpened') added.push(['disputed', 1, Number(data.amount)])
    const { merchantId, currency } = data
    const day = event.recordedAt.slice(0, 10)
    for (const [total, count, amount] of added) {
      const key = `${day} ${merchantId} ${currency}`
      const known = days.get(key) ?? { merchantId, day, currency, totals: noDay() }
      known.totals[total].count += count
      known.totals[total].amount += amount
      days.set(key, known)
    }
  }

  const see = (event: RecordedEvent): void => {
    const { stream, sequence, recordedAt } = event
    const id = stream.replace(/^\w+-/, '')
    if (isPaymentEvent(event)) payments.set(id, evolvePayment(payments.get(id), event))
    if (isPayoutEvent(event)) payouts.set(id, evolvePayout(payouts.get(id), event))
    if (event.type === 'SettlementRecorded')
      settlements.push({ merchantId: event.data.merchantId, id: event.data.settlementId, createdAt: recordedAt })
    addToDay(event)
    for (const [n, { account, merchantId, currency, layer, amount }] of postings(event).entries()) {
      const of = { account, merchantId, currency, layer }
      const key = JSON.stringify(of)
      const sum = sums.get(key) ?? { ...of, debit: 0, credit: 0 }
      if (amount > 0n) sum.debit += Number(amount)
      else sum.credit -= Number(amount)
      sums.set(key, sum)
      const shown = {
        position: positionOf(event),
        eventId: event.id,
        transactionId: transactionOf(event),
        ...of,
        amount: Number(amount),
        recordedAt,
      }
      lines.push({ shown, merchantId, account, sequence, n })
    }
  }

  const accounts = (merchantId?: string): readonly unknown[] => {
    const rows = new Map<string, { account: string; currency: string; layer: string; debit: number; credit: number }>()
    for (const { merchantId: whose, account, currency, layer, debit, credit } of sums.values()) {
      if (merchantId !== undefined && whose !== merchantId) continue
      const key = `${currency} ${layer} ${account}`
      const row = rows.get(key) ?? { account, currency, layer, debit: 0, credit: 0 }
      rows.set(key, { ...row, debit: row.debit + debit, credit: row.credit + credit })
    }
    return [...rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row)
  }

  const balances = (merchantId: string): readonly unknown[] => {
    const ours = [...sums.values()].filter((sum) => sum.merchantId === merchantId && sum.layer === 'posted')
    const of = (currency: string, account: string): number => {
      const sum = ours.find((each) => each.currency === currency && each.account === account)
      return sum === undefined ? 0 : sum.credit - sum.debit
    }
    return [...new Set(ours.map(({ currency }) => currency))].sort().map((currency) => ({
      merchantId,
      currency,
      pending: of(currency, 'merchantPending'),
      available: of(currency, 'merchantAvailable'),
      inTransit: of(currency, 'payoutsInTransit'),
      disputed: of(currency, 'disputes'),
    }))
  }

  return {
    see,
    transaction: (id) => {
      const payment = payments.get(id)
      if (payment !== undefined) return paymentResource(payment)
      const payout = payouts.get(id)
      return payout === undefined ? undefined : payoutResource(payout)
    },
    balances,
    accounts,
    days: (merchantId) =>
      [...days]
        .filter(([, day]) => day.merchantId === merchantId)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([, { day, currency, totals: sum }]) => ({ merchantId, day, currency, ...structuredClone(sum) })),
    entries: (merchantId, account) =>
      lines
        .filter((line) => line.merchantId === merchantId && line.account === account)
        .sort(
          (one, other) =>
            -Number(one.shown.recordedAt > other.shown.recordedAt) ||
            Number(one.shown.recordedAt < other.shown.recordedAt) ||
            other.sequence - one.sequence ||
            other.n - one.n,
        )
        .map(({ shown }) => shown),
    settlements: (merchantId) =>
      settlements
        .filter((settlement) => settlement.merchantId === merchantId)
        .sort((one, other) => (`${one.createdAt} ${one.id}` > `${other.createdAt} ${other.id}` ? -1 : 1))
        .map(({ id }) => id),
  }
}
