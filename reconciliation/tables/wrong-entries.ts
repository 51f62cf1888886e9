import type { Sql } from '../../projections/read-model-store.ts'
import type { Difference } from '../difference.ts'
import { readPage } from '../read-page.ts'
import { compareEventRows } from './compare-event-rows.ts'
import type { LiveShard } from './live-schemas.ts'
import { standingOf } from './standing.ts'
import { startBefore } from './start-before.ts'
import type { Stretch } from './sums/periods.ts'
import type { Site } from './walks/walk.ts'

/** What differs among a shard's rows of single events in a stretch, which is read from the log once more for it. */
export const wrongEntries = async (
  sql: Sql,
  { deps: { logs }, server }: Pick<Site, 'deps' | 'server'>,
  live: LiveShard,
  { log, size, from, before }: Stretch,
): Promise<readonly Difference[]> => {
  const reader = logs[log]
  const { seen } = await standingOf(sql, live, 'journal', log)
  const upTo = Math.min(before - 1, seen)
  if (reader === undefined) return []
  const differences: Difference[] = []
  for (let after = await startBefore(sql, live.schemas.journal, { log, size, first: from }); after < upTo; ) {
    const page = await readPage(reader, log, after, upTo)
    for (const each of await compareEventRows(sql, server, [live], page)) differences.push(...each.differences)
    after = page.upTo
  }
  return differences
}
