import Type from 'typebox'
import { accounts } from '../domain/posting.ts'
import { positionOf } from '../domain/position.ts'
import { json } from '../http/json.ts'
import { type Asked, keyOf } from './page-cursor.ts'
import type { Order } from './order.ts'
import type { Condition } from './where.ts'

export const layers = ['pending', 'posted'] as const

/** One side of a double entry. */
export const EntrySchema = Type.Object(
  {
    position: Type.String({ description: 'The position of the event that made it' }),
    eventId: Type.String({ format: 'uuid' }),
    transactionId: Type.String({ description: 'The payment, payout or settlement' }),
    account: Type.Enum(accounts),
    merchantId: Type.String(),
    currency: Type.String(),
    layer: Type.Enum(layers),
    amount: Type.Integer({ description: 'Minor units; debit positive, credit negative' }),
    recordedAt: Type.String({ format: 'date-time' }),
  },
  { additionalProperties: false },
)

export type EntryRow = {
  readonly log: number
  readonly sequence: bigint
  readonly n: number
  readonly event_id: string
  readonly transaction_id: string
  readonly account: string
  readonly merchant_id: string
  readonly currency: string
  readonly layer: string
  readonly amount: bigint
  readonly recorded_at: Date
}

/** How journal entries are read: newest first. */
export const entries = {
  select: (schema: string, condition: string): string => `
    select log, sequence, n, event_id, transaction_id, account, merchant_id, currency, layer, amount, recorded_at
    from ${schema}.postings where ${condition}`,

  order: [
    ['recorded_at', 'desc'],
    ['sequence', 'desc'],
    ['log', 'desc'],
    ['n', 'desc'],
  ] satisfies Order<EntryRow>,

  key: (row: EntryRow): string => `${row.recorded_at.getTime()} ${row.sequence} ${row.log} ${row.n}`,

  /**
   * What comes after the cursor. The first condition alone says enough to leave whole partitions out, the second to find
   * the event in an index.
   */
  after: (asked: Asked, cursor: string | undefined): readonly Condition[] => {
    if (cursor === undefined) return []
    const [time, sequence, log, n] = keyOf(asked, cursor, /^(\d{1,14}) (\d{1,16}) (\d{1,2}) (\d{1,4})$/)
    const at = new Date(Number(time)).toISOString()
    return [
      ['recorded_at <= ?', at],
      ['(recorded_at, sequence, log) <= (?, ?, ?)', at, sequence, log],
      ['(recorded_at, sequence, log, n) < (?, ?, ?, ?)', at, sequence, log, n],
    ]
  },

  entry: (row: EntryRow): string =>
    json({
      position: positionOf({ log: row.log, sequence: Number(row.sequence) }),
      eventId: row.event_id,
      transactionId: row.transaction_id,
      account: row.account,
      merchantId: row.merchant_id,
      currency: row.currency,
      layer: row.layer,
      amount: row.amount,
      recordedAt: row.recorded_at.toISOString(),
    }),
} as const
