import { periodOf } from '../../../domain/period.ts'
import type { LogEvent } from '../../../projections/unread.ts'
import type { Page } from '../../page.ts'

/** So many ends of pages are remembered, of all logs: what is new is compared beside a round. */
const mostEnds = 64

/**
 * Gives, with each page of walks through the logs, the events before it of the period that it begins in; undefined where they
 * are not known, as when a walk goes on that another process has begun. `size` is how long periods are.
 */
export const carrying = (size: number): ((page: Page) => readonly LogEvent[] | undefined) => {
  const ends = new Map<string, readonly LogEvent[] | undefined>()
  return ({ log, after, upTo, events }) => {
    const before = after === 0 ? [] : ends.get(`${log} ${after}`)
    const last = events.at(-1)?.sequence ?? before?.at(-1)?.sequence
    const isIn = ({ sequence }: LogEvent): boolean =>
      last !== undefined && periodOf(sequence, size) === periodOf(last, size)
    // Its beginning is known where it began in this page, or before with all of it remembered.
    const isKnown = before !== undefined || (last !== undefined && periodOf(last, size) > after)
    ends.delete(`${log} ${upTo}`)
    ends.set(`${log} ${upTo}`, isKnown ? [...(before ?? []), ...events].filter(isIn) : undefined)
    for (const end of [...ends.keys()].slice(0, -mostEnds)) ends.delete(end)
    return before
  }
}
