import type { LogEvent } from '../projections/unread.ts'

/** A stretch of a log, and all events of it, in order. */
export type Page = {
  readonly log: number
  readonly after: number
  readonly upTo: number
  readonly events: readonly LogEvent[]
}

/** The two halves of a page, by its events. */
export const halves = ({ log, after, upTo, events }: Page): readonly [Page, Page] => {
  const middle = events.length >> 1
  const border = events[middle - 1]?.sequence ?? after
  return [
    { log, after, upTo: border, events: events.slice(0, middle) },
    { log, after: border, upTo, events: events.slice(middle) },
  ]
}
