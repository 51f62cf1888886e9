import { sumSizes, timeSizes } from '../../domain/period.ts'
import { assertKnown } from '../known-events.ts'
import type { Projection } from '../projection.ts'
import { addToTotals } from './add-to-totals.ts'
import { addToDailyTotals } from './add-to-daily-totals.ts'
import { byPeriod } from './by-period.ts'
import { noteTimes } from './note-times.ts'

/**
 * What reads of the past are made from: sums over the periods of each log, and when they were. `stride` is how far it is
 * from one event of a log to the next.
 */
export const periodsProjection = (stride: number): Projection => {
  const sizes = sumSizes(stride)
  return {
    name: 'periods',
    follows: () => true,
    version: 1,
    tables: ['period_totals', 'period_daily_totals', 'period_times'],
    anew: () => periodsProjection(stride),
    forget: () => undefined,
    apply: async ({ schema, sql }, events) => {
      assertKnown(events)
      const periods = byPeriod(events, sizes[0] ?? 1)
      await Promise.all([
        addToTotals(sql, schema, periods, sizes),
        addToDailyTotals(sql, schema, periods, sizes),
        noteTimes(sql, schema, events, timeSizes(stride)),
      ])
      return []
    },
  }
}
