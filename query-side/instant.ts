import Type from 'typebox'
import { invalidRequest } from '../http/validate.ts'

const pattern = '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,3})?)?(Z|[+-]\\d{2}:\\d{2}))?$'

const Instant = (description: string) =>
  Type.Optional(
    Type.String({
      pattern,
      description: `${description}: an ISO 8601 instant with its zone, or a date (00:00 UTC)`,
    }),
  )

/** Query parameters for a span of time. */
export const span = { from: Instant('From this moment on'), to: Instant('Before this moment') }

/** The moment that an ISO 8601 instant or date (00:00 UTC) names; undefined for any other text. */
export const momentIn = (text: string): Date | undefined => {
  const date = text.slice(0, 10)
  const moment = new Date(text)
  const midnight = new Date(date)
  const is = new RegExp(pattern).test(text) && isReal(moment) && isReal(midnight)
  return is && midnight.toISOString().startsWith(date) ? moment : undefined
}

/** The moment that a parameter names; undefined when it is absent, 400 for one that no calendar has. */
export const instant = (name: 'from' | 'to', text: string | undefined): Date | undefined => {
  if (text === undefined) return undefined
  const moment = momentIn(text)
  if (moment !== undefined) return moment
  throw invalidRequest([{ pointer: `?${name}`, detail: 'must be an ISO 8601 instant or date' }])
}

const isReal = (date: Date): boolean => !Number.isNaN(date.getTime())

const dayMs = 86_400_000
/** The days that four digits can write and PostgreSQL knows; all that is recorded lies between them. */
const firstDay = Date.parse('0001-01-01')
const lastDay = Date.parse('9999-12-31')

/** The first day (UTC, YYYY-MM-DD) that begins at the moment or after it; the nearest there is for a far-off moment. */
export const firstDayFrom = (moment: Date | undefined): string | undefined => {
  if (moment === undefined) return undefined
  const day = Math.ceil(moment.getTime() / dayMs) * dayMs
  return new Date(Math.min(Math.max(day, firstDay), lastDay)).toISOString().slice(0, 10)
}
