import type { RecordedEvent } from '../../domain/event.ts'
import { positionOf, sequenceIn, start } from '../../domain/position.ts'
import type { LogReader } from '../../projections/log-reader.ts'
import { allRead } from '../../projections/unread.ts'
import { StartError } from '../start-error.ts'
import type { Bound } from './bound.ts'

/** The sequences that the bounds came to in one log: what lies between is after the first, up to and including the second. */
export type Stretch = { readonly from: number; readonly to: number }

/** Takes a batch of what lies between. */
export type See = (events: readonly RecordedEvent[]) => Promise<void>

const batchSize = 1_000

/** Whether an event stands after a bound: an instant ends before the first event that was recorded later. */
const isAfter = (event: RecordedEvent, bound: Bound): boolean =>
  'position' in bound ? event.sequence > sequenceIn(bound.position, event.log) : event.recordedAt > bound.instant

const crossed = (): StartError => new StartError('--from is after --to')

/** The last sequence of a log that is not after the bound, from the log's beginning on. */
const placeOf = (log: LogReader, of: number, bound: Bound, onRead: (sequence: number) => void): Promise<number> =>
  'position' in bound
    ? Promise.resolve(sequenceIn(bound.position, of))
    : readUpTo(log, of, 0, bound, async (events) => onRead(events.at(-1)?.sequence ?? 0))

const readUpTo = async (log: LogReader, of: number, from: number, bound: Bound, see: See): Promise<number> => {
  let last = from
  for (;;) {
    const batch = await log.readAll(positionOf({ log: of, sequence: last }), batchSize)
    // Of books with an event that cannot be read nobody can say what they come to.
    const events = allRead(batch.events)
    const end = events.findIndex((event) => isAfter(event, bound))
    const those = end < 0 ? events : events.slice(0, end)
    last = those.at(-1)?.sequence ?? last
    if (those.length > 0) await see(those)
    if (end >= 0 || events.length === 0) return last
  }
}

/**
 * Whether a log can be read from a sequence on: an EventStoreDB can only where an event is. Rejects where it cannot be read
 * at all.
 */
const canBeginAt = async (log: LogReader, of: number, sequence: number): Promise<boolean> => {
  try {
    await log.readAll(positionOf({ log: of, sequence }), 1)
    return true
  } catch {
    await log.readAll(start, 1)
    return false
  }
}

/**
 * Reads what one log has between two bounds. Where `from` is an instant, or no event's place, the log is read from its
 * beginning. Throws a `StartError` where `to` is before `from`.
 */
export const readBetween = async (
  log: LogReader,
  of: number,
  from: Bound,
  to: Bound,
  see: See,
  onRead: (sequence: number) => void,
): Promise<Stretch> => {
  const begin = await placeOf(log, of, from, onRead)
  if ('position' in to && sequenceIn(to.position, of) < begin) throw crossed()
  const before = (await canBeginAt(log, of, begin))
    ? begin
    : await readUpTo(log, of, 0, from, async (events) => onRead(events.at(-1)?.sequence ?? 0))
  const last = await readUpTo(log, of, before, to, see)
  const end = Math.max(begin, last)
  // Nothing between may also mean that the instant is before the beginning.
  if (end === begin && 'instant' in to && (await placeOf(log, of, to, onRead)) < begin) throw crossed()
  return { from: begin, to: 'position' in to ? sequenceIn(to.position, of) : end }
}
