import type { RecordKind } from '../../domain/repair/difference.ts'
import { sqlHash } from '../digest.ts'
import { sqlHex, sqlMicros, sqlText } from './hashed.ts'

/** A table that has a row for each event of a kind, in the journal's copy. */
export type EventTable = {
  readonly record: Extract<RecordKind, 'journal' | 'settlement'>
  readonly table: 'journal' | 'settlements'
  /** SQL of what no two rows share. */
  readonly id: string
  /** SQL of the stream that a row says it is of. */
  readonly stream: string
  /** SQL of the hash of all that a row says. */
  readonly hash: string
}

/** `event-records.ts` has the same of an event. */
export const eventTables: readonly EventTable[] = [
  {
    record: 'journal',
    table: 'journal',
    id: sqlHex('event_id'),
    // The stream of the event where one is known; what stands there without a source belongs to nobody else.
    stream: `case when transaction_id like 'po\\_%' then 'payout-' else 'payment-' end || transaction_id`,
    hash: sqlHash(
      sqlText([
        'log',
        'sequence',
        sqlHex('event_id'),
        'kind',
        'transaction_id',
        'merchant_id',
        'currency',
        sqlMicros('recorded_at'),
        'to_settle',
        "array_to_string(accounts, ',')",
        "array_to_string(layers, ',')",
        "array_to_string(amounts, ',')",
      ]),
    ),
  },
  {
    record: 'settlement',
    table: 'settlements',
    id: sqlHex('id'),
    stream: `'merchant-' || merchant_id`,
    hash: sqlHash(
      sqlText([
        'log',
        'sequence',
        sqlHex('id'),
        'merchant_id',
        'currency',
        'gross',
        'refunds',
        'disputes',
        'fees',
        'net',
        'payments',
        'from_position',
        'to_position',
        sqlMicros('created_at'),
      ]),
    ),
  },
]
