import type { Position } from '../domain/position.ts'
import { newestFirst, type NewestFirstRow } from './newest-first.ts'
import { type Asked, pageCursor } from './page-cursor.ts'
import type { Past } from './reads.ts'
import { upTo } from './recorded.ts'
import type { TransactionKind } from './transaction-as-of.ts'
import { type Condition, where } from './where.ts'

/** Which payments or payouts are wanted. `conditions` are of what never changes; `status` is what it was. */
export type Wanted = {
  readonly schemas: readonly string[]
  readonly conditions: readonly Condition[]
  readonly status: string | undefined
  readonly limit: number
  readonly asked: Asked
  readonly cursor: string | undefined
}

/** One that may have been there; `document` is null where it has changed since, or has not changed and had another status. */
export type Candidate = NewestFirstRow & { readonly unchanged: boolean; readonly document: string | null }

const tables = { payment: 'payments', payout: 'payouts' } as const

/** How many are read at once where a first page of them was not enough. */
const mostAtOnce = 1_000

/**
 * Those that may have been there at a position, newest first, by turns, until no more are left. The first condition leaves
 * all out that began later by the clock, without reading them; what began later all the same has to be told by its stream.
 */
export async function* candidates(
  { models }: Past,
  kind: TransactionKind,
  position: Position,
  latest: Date,
  { schemas, conditions, status, limit, asked, cursor: first }: Wanted,
): AsyncGenerator<readonly Candidate[]> {
  const unchanged = where(...upTo({ position })).sql
  let cursor = first
  for (let size = limit + 1; ; size = mostAtOnce) {
    const { sql, values } = where(['created_at <= ?', latest], ...conditions, ...newestFirst.after(asked, cursor))
    const had = status === undefined ? '' : `and status = $${values.length + 1}`
    const { rows } = await models.read<Candidate>(
      {
        projection: tables[kind],
        schemas,
        select: (schema, condition) => `
          select id, created_at, ${unchanged} as unchanged, case when ${unchanged} ${had} then document end as document
          from ${schema}.${tables[kind]} where ${condition}`,
        where: { sql, values: status === undefined ? values : [...values, status] },
        order: newestFirst.order,
        limit: size,
      },
      position,
    )
    yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < size) return
    cursor = pageCursor(asked, newestFirst.key(last))
  }
}
