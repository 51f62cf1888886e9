import { sumSizes, timeSizes } from '../../domain/period.ts'
import type { ReadModelServer, Sql } from '../../projections/read-model-store.ts'
import { uuidOf } from '../../projections/uuid.ts'
import type { Difference } from '../difference.ts'
import { type Wrong, wrongOf } from '../place.ts'
import { areLevel } from './level.ts'
import type { Compared, LiveShard } from './live-schemas.ts'
import { lockProjection } from './lock-projection.ts'
import { rewriteOpenPayout } from './open-payouts.ts'
import { rewriteBooks } from './sums/books.ts'
import { rewritePeriods } from './sums/periods.ts'
import { books, periods } from './sums/sum-tables.ts'
import type { TablesDeps } from './tables-place.ts'
import { rewriteTimes } from './times/rewrite-times.ts'

/** What is known of the shard, within a transaction, where something is made again. */
export type Workshop = {
  readonly sql: Sql
  readonly deps: TablesDeps
  readonly server: ReadModelServer
  readonly live: LiveShard
  readonly wrong: Wrong
}

/** Keeps projections from moving; false where they have not applied the same events. */
const lockLevel = async ({ sql, live, deps }: Workshop, other: Compared, streams = ''): Promise<boolean> => {
  for (const projection of ['journal', other] as const)
    await lockProjection(sql, live.schemas[projection], projection, [], deps.partOf)
  return areLevel(sql, live, 'journal', other, streams)
}

/**
 * Makes what is made of other rows again: sums from the journal's, open payouts from these and the payouts', times of periods
 * from the log. False where the rows that it is to be made from are known to be wrong themselves.
 */
export const remake = async (workshop: Workshop, difference: Difference): Promise<boolean> => {
  const { sql, deps, server, live, wrong } = workshop
  const { record, stream, log, sequence: first } = difference
  const id = stream.slice(stream.indexOf('-') + 1)
  const isWrong = (source: 'journal' | 'payout'): boolean => wrong.has(wrongOf({ record: source, part: live.shard }))
  switch (record) {
    case 'balances':
    case 'dailyTotals': {
      const table = books.find((each) => each.record === record)
      if (table === undefined || isWrong('journal')) return false
      await lockProjection(sql, live.schemas.journal, 'journal', [], deps.partOf)
      await rewriteBooks(sql, live.schemas.journal, table, id)
      return true
    }
    case 'periodTotals':
    case 'periodDailyTotals': {
      const table = periods.find((each) => each.record === record)
      if (table === undefined || isWrong('journal') || !(await lockLevel(workshop, 'periods'))) return false
      await rewritePeriods(sql, live, table, id, { log, first }, sumSizes(deps.stride))
      return true
    }
    case 'openPayout':
      if (isWrong('journal') || isWrong('payout') || !(await lockLevel(workshop, 'payouts', 'merchant-'))) return false
      await rewriteOpenPayout(sql, live, uuidOf(id))
      return true
    case 'periodTimes':
      await rewriteTimes(sql, deps, server, live, { log, first }, timeSizes(deps.stride))
      return true
    case 'journal':
    case 'settlement':
    case 'payment':
    case 'payout':
    case 'event':
    case 'status':
      return false
  }
}
