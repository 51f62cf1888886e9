import { assertKnown } from '../known-events.ts'
import type { Projection } from '../projection.ts'
import { addToBalances } from './add-to-balances.ts'
import { addToDailyTotals } from './add-to-daily-totals.ts'
import { copyEntries } from './copy-entries.ts'
import { entriesOf } from './entry.ts'
import { insertSettlements } from './insert-settlements.ts'

/** The books: the lines of the journal, and what is summed from them or stands beside them. */
export const journalProjection = (): Projection => ({
  name: 'journal',
  version: 1,
  tables: ['journal', 'account_balances', 'settlements', 'merchant_daily_totals'],
  follows: () => true,
  forget: () => undefined,
  anew: journalProjection,
  apply: async ({ schema, sql }, events) => {
    assertKnown(events)
    const entries = entriesOf(events)
    await Promise.all([
      copyEntries(sql, schema, entries),
      addToBalances(sql, schema, entries),
      addToDailyTotals(sql, schema, events),
      insertSettlements(sql, schema, events),
    ])
    return []
  },
})
