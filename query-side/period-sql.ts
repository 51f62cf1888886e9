import type { Periods } from '../domain/period.ts'

// Sequences go into SQL as they are: they are numbers, and with parameters there would be a statement for each length.

/** The condition that a row is of one of these periods of a log. */
export const inPeriods = (log: number, periods: readonly Periods[]): string =>
  periods.length === 0
    ? 'false'
    : `(log = ${log} and (${periods
        .map(({ size, from, before }) => `(size = ${size} and first >= ${from} and first < ${before})`)
        .join(' or ')}))`

/** The condition that one of these holds. */
export const anyOf = (conditions: readonly string[]): string =>
  conditions.length === 0 ? 'false' : `(${conditions.join(' or ')})`
