import { LRUCache } from 'lru-cache'
import type { RecordedEvent } from '../../domain/event.ts'
import { isPaymentEvent } from '../../domain/event-types.ts'
import { evolvePayment } from '../../domain/payment/evolve.ts'
import type { Payment } from '../../domain/payment/state.ts'
import type { Changed, Projection, Shard } from '../projection.ts'
import { follow, streamsOf } from '../streams.ts'
import { copyPayments } from './copy-payments.ts'
import { loadPayments } from './load-payments.ts'
import { type PaymentRow, rowOf } from './row.ts'
import { upsertPayments } from './upsert-payments.ts'

const evolve = (state: Payment | undefined, event: RecordedEvent): Payment => {
  if (!isPaymentEvent(event)) throw new Error(`${event.type} is no event of a payment`)
  return evolvePayment(state, event)
}

/**
 * The payments as they are: the events of a batch are folded first, so that each payment is written once. Those that
 * wait for a gateway are remembered, for its answer is among the next events.
 */
export const paymentsProjection = (remembered = 20_000): Projection => {
  const waiting = new LRUCache<string, Payment>({ max: remembered })

  /** The payments that streams go on from. */
  const recall = async (
    { schema, sql }: Shard,
    streams: ReadonlyMap<string, readonly RecordedEvent[]>,
  ): Promise<ReadonlyMap<string, Payment>> => {
    const known = new Map<string, Payment>()
    const unknown: string[] = []
    for (const [id, [first]] of streams) {
      if (first === undefined || first.revision === 0) continue
      const payment = waiting.get(id)
      if (payment?.revision === first.revision - 1) known.set(id, payment)
      else unknown.push(id)
    }
    for (const payment of await loadPayments(sql, schema, unknown)) known.set(payment.id, payment)
    return known
  }

  const apply = async (shard: Shard, events: readonly RecordedEvent[]): Promise<readonly Changed[]> => {
    const streams = streamsOf('payment-', events)
    const known = await recall(shard, streams)
    const begun: PaymentRow[] = []
    const changed: PaymentRow[] = []
    for (const [id, those] of streams) {
      const before = known.get(id)
      const followed = follow(before, those, evolve)
      if (followed === undefined) continue
      const row = rowOf(followed.state, followed.last)
      if (row.unresolvedSince === null) waiting.delete(id)
      else waiting.set(id, followed.state)
      if (before === undefined) begun.push(row)
      else changed.push(row)
    }
    await Promise.all([copyPayments(shard.sql, shard.schema, begun), upsertPayments(shard.sql, shard.schema, changed)])
    return [...begun, ...changed].map(({ id, revision, merchantId, document }) => ({
      id,
      stream: `payment-${id}`,
      version: revision,
      merchantId,
      document,
    }))
  }

  return {
    name: 'payments',
    version: 1,
    tables: ['payments'],
    follows: (stream) => stream.startsWith('payment-'),
    apply,
    forget: () => waiting.clear(),
    anew: () => paymentsProjection(remembered),
  }
}
