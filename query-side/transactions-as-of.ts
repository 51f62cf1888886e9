import type { Position } from '../domain/position.ts'
import { type Candidate, candidates, type Wanted } from './candidates.ts'
import type { History } from './history.ts'
import { newestFirst } from './newest-first.ts'
import { pageCursor } from './page-cursor.ts'
import type { Page } from './page.ts'
import type { Past } from './reads.ts'
import { recordedUpTo } from './recorded.ts'
import { transactionAsOf, type TransactionKind } from './transaction-as-of.ts'

const prefixes = { payment: 'pay_', payout: 'po_' } as const

/** As many are looked at for a page at most, though few of them may have been there or have had the status. */
export const mostLookedAt = 5_000
const foldedAtOnce = 32

/** What has not changed since is as it was; all others are folded. Undefined where it was not there, or not so. */
const asItWas = async (
  history: History,
  kind: TransactionKind,
  position: Position,
  status: string | undefined,
  { id, unchanged, document }: Candidate,
): Promise<string | undefined> => {
  if (unchanged) return document ?? undefined
  const was = await transactionAsOf(history, kind, `${prefixes[kind]}${id.replaceAll('-', '')}`, position)
  return status === undefined || was?.status === status ? was?.document : undefined
}

/** Few at a time, so that a page which is full folds no more than that in vain. */
const inParts = function* (rows: readonly Candidate[]): Generator<readonly Candidate[]> {
  for (let from = 0; from < rows.length; from += foldedAtOnce) yield rows.slice(from, from + foldedAtOnce)
}

/**
 * A page of payments or payouts as they were at a position, newest first, as their JSON. It is read on for until the page
 * is full and one more is found, or nothing is left. Only where `mostLookedAt` were looked at it may be short and have a
 * next one, which goes on after the last that was looked at.
 */
export const transactionsAsOf = async (
  past: Past,
  kind: TransactionKind,
  position: Position,
  wanted: Wanted,
): Promise<Page<string>> => {
  const { limit, asked, status, schemas } = wanted
  const found: string[] = []
  const { latest } = await recordedUpTo(past, schemas, position)
  if (latest === undefined) return { rows: found, nextCursor: null }
  const upTo = (last: Candidate): Page<string> => ({
    rows: found,
    nextCursor: pageCursor(asked, newestFirst.key(last)),
  })
  let lookedAt = 0
  let lastFound: Candidate | undefined
  for await (const rows of candidates(past, kind, position, latest, wanted)) {
    for (const part of inParts(rows)) {
      const were = await Promise.all(part.map((row) => asItWas(past.history, kind, position, status, row)))
      for (const [index, row] of part.entries()) {
        const was = were[index]
        if (was !== undefined && lastFound !== undefined && found.length === limit) return upTo(lastFound)
        if (was !== undefined) {
          found.push(was)
          lastFound = row
        }
        lookedAt += 1
        if (lookedAt === mostLookedAt) return upTo(row)
      }
    }
  }
  return { rows: found, nextCursor: null }
}
