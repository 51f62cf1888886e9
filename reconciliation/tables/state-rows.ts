import type { Sql } from '../../projections/read-model-store.ts'
import { sqlHash } from '../digest.ts'
import { sqlHex, sqlMicros, sqlText } from './hashed.ts'

/** A payment's or payout's row: at which of its events it is, and the hash of what it says. */
export type StateRow = { readonly id: string; readonly revision: number; readonly hash: bigint }

const common = ['merchant_id', 'status', 'currency', 'amount', sqlMicros('created_at'), sqlMicros('updated_at')]
const place = ['revision', 'log', 'sequence', 'document']

/** The columns that are hashed, in the order of `paymentText` and `payoutText`. */
const columns = {
  payments: [
    sqlHex('id'),
    ...common,
    ...place,
    'method',
    'gateway',
    'customer_id',
    sqlMicros('unresolved_since'),
    sqlMicros('expires_at'),
    'increments',
  ],
  payouts: [sqlHex('id'), ...common, ...place],
} as const

export type StateTable = keyof typeof columns

/** The rows of these ids (UUIDs), which are more than one for an id where there is one too many. */
export const stateRows = (
  sql: Sql,
  table: StateTable,
  schema: string,
  ids: readonly string[],
): Promise<readonly StateRow[]> =>
  sql.query<StateRow>(
    `select ${sqlHex('id')} as id, revision, ${sqlHash(sqlText(columns[table]))} as hash
     from ${schema}.${table} where id = any($1::uuid[])`,
    [ids],
  )

/** The event that a row says it was made from. */
export type Claim = {
  readonly id: string
  readonly revision: number
  readonly log: number
  readonly sequence: bigint
}

/** Rows in the order of their ids after `after`, at most `limit` of them. */
export const claims = (
  sql: Sql,
  table: StateTable,
  schema: string,
  after: string,
  limit: number,
): Promise<readonly Claim[]> =>
  sql.query<Claim>(
    `select ${sqlHex('id')} as id, revision, log, sequence
     from ${schema}.${table} where id > $1::uuid order by id limit $2`,
    [after, limit],
  )
