import type { Position } from '../domain/position.ts'
import { sequenceIn } from '../domain/position.ts'
import { newestFirst, type NewestFirstRow } from './newest-first.ts'
import { type Asked, pageCursor } from './page-cursor.ts'
import type { Page } from './page.ts'
import type { Past } from './reads.ts'
import { recordedUpTo } from './recorded.ts'
import { transactionAsOf } from './transaction-as-of.ts'
import { type Condition, where } from './where.ts'

/** How a kind of transaction is read. */
export const kinds = {
  payment: { table: 'payments', prefix: 'pay_' },
  payout: { table: 'payouts', prefix: 'po_' },
} as const

type Kind = keyof typeof kinds

/** Which of them. `conditions` are of what never changes; `status` is what it was. */
export type Wanted = {
  readonly schemas: readonly string[]
  readonly conditions: readonly Condition[]
  readonly status: string | undefined
  readonly limit: number
  readonly asked: Asked
}

type Row = NewestFirstRow & {
  readonly status: string
  readonly document: string
  readonly log: number
  readonly sequence: bigint
}

/** As many are looked at for a page at most, though few of them may have had the status. */
const mostLookedAt = 1_000
const atOnce = 32

const selectFrom =
  (kind: Kind) =>
  (schema: string, condition: string): string =>
    `
  select id, created_at, status, document, log, sequence from ${schema}.${kinds[kind].table} where ${condition}`

/** What has not changed since is as it was; all others are folded. Undefined where it had not begun. */
const asItWas = async (
  { history }: Past,
  kind: Kind,
  position: Position,
  { id, log, sequence, status, document }: Row,
): Promise<{ readonly status: string; readonly document: string } | undefined> =>
  Number(sequence) <= sequenceIn(position, log)
    ? { status, document }
    : transactionAsOf(history, kind, `${kinds[kind].prefix}${id.replaceAll('-', '')}`, position)

/**
 * A page of payments or payouts as they were at a position, newest first, as their JSON. It may be short: the cursor goes on
 * after the last one that was looked at.
 */
export const transactionsAsOf = async (
  past: Past,
  kind: Kind,
  position: Position,
  { schemas, conditions, status, limit, asked }: Wanted,
): Promise<Page<string>> => {
  const { latest } = await recordedUpTo(past, schemas, position)
  if (latest === undefined) return { rows: [], nextCursor: null }
  const lookAt = status === undefined ? limit : Math.max(limit, mostLookedAt)
  const { rows } = await past.models.read<Row>(
    {
      projection: kinds[kind].table,
      schemas,
      select: selectFrom(kind),
      where: where(['created_at <= ?', latest], ...conditions),
      order: newestFirst.order,
      limit: lookAt + 1,
    },
    position,
  )
  const found: string[] = []
  let last: Row | undefined
  for (let from = 0; from < Math.min(rows.length, lookAt) && found.length < limit; from += atOnce) {
    const those = rows.slice(from, Math.min(from + atOnce, lookAt))
    const were = await Promise.all(those.map((row) => asItWas(past, kind, position, row)))
    for (const [index, was] of were.entries()) {
      if (found.length === limit) break
      last = those[index]
      if (was !== undefined && (status === undefined || was.status === status)) found.push(was.document)
    }
  }
  if (last === undefined || last === rows.at(-1)) return { rows: found, nextCursor: null }
  return { rows: found, nextCursor: pageCursor(asked, newestFirst.key(last)) }
}
