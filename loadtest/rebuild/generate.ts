import { uuidOf } from '../../command-side/uuid.ts'
import type { NewEvent } from '../../domain/event.ts'
import type { PaymentEvent } from '../../domain/payment/event.ts'
import { sequenceIn } from '../../domain/position.ts'
import type { EventLog } from '../../infra/lmdb/event-log.ts'
import { automaticPayment } from '../automatic-payments.ts'

/** How many merchants the payments are dealt out to in turn. */
export const merchants = 1_000
/** A payment each two seconds: a million events are a week, ten million two months and more. */
const betweenMs = 2_000
const beginMs = Date.UTC(2026, 0, 5)
/** How many payments later those that are refunded are: far beyond what anybody has in memory still. */
const refundedAfter = 60_000
const atOnce = 1_024

const dated = (number: number, event: NewEvent<PaymentEvent>): NewEvent<PaymentEvent> => ({
  ...event,
  recordedAt: new Date(beginMs + number * betweenMs).toISOString(),
})

const paymentOf = (number: number) => {
  const { stream, events } = automaticPayment(number, merchants, beginMs)
  return { stream, events: events.map((event) => dated(number, event)) }
}

const refundOf = (number: number, now: number): readonly NewEvent<PaymentEvent>[] => {
  const { events } = automaticPayment(number, merchants, beginMs)
  const [requested] = events
  if (requested?.type !== 'PaymentAuthorizationRequested') return []
  const { paymentId, merchantId, currency, gateway, amount } = requested.data
  const refundId = `re_${paymentId.slice(paymentId.indexOf('_') + 1)}`
  const data = { paymentId, merchantId, currency, gateway, refundId, amount }
  const common = { version: 1, recordedAt: '', metadata: { merchantId, key: `refund-${number}` } }
  return [
    { ...common, type: 'PaymentRefundRequested', data: { ...data, reason: 'returned' }, id: uuidOf(paymentId, '3') },
    { ...common, type: 'PaymentRefunded', data, id: uuidOf(paymentId, '4') },
  ].map((event) => dated(now, event as NewEvent<PaymentEvent>))
}

/** So many payments a history of so many events has at least: three events each, and two more for a tenth of them. */
export const paymentsIn = (events: number): number => Math.floor(events / 3.2)

/**
 * Appends payments of a thousand merchants to an empty log, or goes on with those that were begun, until it has so many
 * events: each payment is captured at once, and every tenth refunded long after. Gives how many payments there are.
 */
export const generate = async (
  log: EventLog,
  events: number,
  onProgress: (events: number) => void,
): Promise<number> => {
  // A tenth of the payments that are old enough have two events more.
  let number = 0
  for (let at = sequenceIn(await log.head(), 0); at < events; at = sequenceIn(await log.head(), 0)) {
    const group = Array.from({ length: atOnce }, (_, index) => number + index)
    await Promise.all(
      group.flatMap((each) => {
        const { stream, events: those } = paymentOf(each)
        const old = each - refundedAfter
        const paid = log.append(stream, 'none', those)
        if (old < 0 || old % 10 !== 0) return [paid]
        const refund = refundOf(old, each)
        return [paid, log.append(automaticPayment(old, merchants, beginMs).stream, 2, refund)]
      }),
    )
    number += atOnce
    onProgress(sequenceIn(await log.head(), 0))
  }
  return number
}
