import type { Sql } from '../../projections/read-model-store.ts'
import type { EventRecord } from '../compare-records.ts'
import { type Digest, digestFrom, sqlHash } from '../digest.ts'
import { sqlHex, sqlMicros, sqlText } from './hashed.ts'

const hash = sqlHash(
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
)

/** A stretch of a log. */
export type Span = { readonly log: number; readonly after: number; readonly upTo: number }

/** The digests of the rows of a stretch, in the order of the schemas. */
export const journalDigests = async (
  sql: Sql,
  schemas: readonly string[],
  { log, after, upTo }: Span,
): Promise<readonly Digest[]> => {
  const rows = await sql.query<{ count: bigint; sum: string }>(
    schemas
      .map(
        (schema, index) => `select ${index} as index, count(*) as count, coalesce(sum(${hash}), 0)::text as sum
          from ${schema}.journal where log = $1 and sequence > $2 and sequence <= $3`,
      )
      .join(' union all ')
      .concat(' order by index'),
    [log, after, upTo],
  )
  return rows.map(({ count, sum }) => digestFrom(Number(count), BigInt(sum)))
}

type Row = { readonly sequence: bigint; readonly id: string; readonly transaction: string; readonly hash: bigint }

const recordOf = ({ sequence, id, transaction, hash: own }: Row): EventRecord => ({
  // The stream of the event where one is known; what stands there without a source belongs to nobody else.
  stream: transaction.startsWith('po_') ? `payout-${transaction}` : `payment-${transaction}`,
  sequence: Number(sequence),
  id,
  hash: own,
})

const select = (schema: string): string =>
  `select sequence, ${sqlHex('event_id')} as id, transaction_id as transaction, ${hash} as hash from ${schema}.journal`

/** The rows of a stretch, at most `limit` of them. */
export const journalRows = async (
  sql: Sql,
  schema: string,
  { log, after, upTo }: Span,
  limit: number,
): Promise<readonly EventRecord[]> => {
  const text = `${select(schema)} where log = $1 and sequence > $2 and sequence <= $3 order by sequence limit $4`
  return (await sql.query<Row>(text, [log, after, upTo, limit])).map(recordOf)
}

/** Rows of events that no projector has seen, at most `limit` of them: those beyond all cursors, or of no log. */
export const journalRowsAhead = async (
  sql: Sql,
  schema: string,
  log: number,
  limit: number,
): Promise<readonly EventRecord[]> => {
  const seen = `coalesce((select max(sequence) from ${schema}.cursors where projection = 'journal' and log = $1), 0)`
  const text = `${select(schema)} where log = $1 and sequence > ${seen} order by sequence limit $2`
  return (await sql.query<Row>(text, [log, limit])).map(recordOf)
}
