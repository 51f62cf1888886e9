import type { RecordedEvent } from '../../domain/event.ts'
import { type Period, periodOf } from '../../domain/period.ts'

/** A period, and events of it in their order. */
export type PeriodEvents = Period & { readonly events: readonly RecordedEvent[] }

/** The events by the period of this size that they are in. */
export const byPeriod = (events: readonly RecordedEvent[], size: number): readonly PeriodEvents[] => {
  const periods = new Map<string, Period & { readonly events: RecordedEvent[] }>()
  let last: (Period & { readonly events: RecordedEvent[] }) | undefined
  for (const event of events) {
    const { log } = event
    const first = periodOf(event.sequence, size)
    // They mostly come in order, and looking a name up for each would cost as much as all the rest.
    if (last?.first !== first || last.log !== log) {
      const key = `${log} ${first}`
      last = periods.get(key) ?? { log, size, first, events: [] }
      periods.set(key, last)
    }
    last.events.push(event)
  }
  return [...periods.values()]
}

/** Rows of the finest periods as rows of those of all the given sizes. */
export const inAllSizes = <Row extends Period>(rows: readonly Row[], sizes: readonly number[]): readonly Row[] =>
  sizes.flatMap((size) => rows.map((row) => ({ ...row, size, first: periodOf(row.first, size) })))

/** Rows with the same key as one, always in the same order, so that nobody who writes waits for another in a circle. */
export const merged = <Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  together: (one: Row, other: Row) => Row,
): readonly Row[] => {
  const byKey = new Map<string, Row>()
  for (const row of rows) {
    const key = keyOf(row)
    const known = byKey.get(key)
    byKey.set(key, known === undefined ? row : together(known, row))
  }
  return [...byKey].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row)
}
