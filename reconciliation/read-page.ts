import { positionOf, sequenceIn } from '../domain/position.ts'
import type { LogReader } from '../projections/log-reader.ts'
import type { Page } from './page.ts'

/** So many events are compared at once. */
export const pageEvents = 2_000

/** What a log has after `after`, up to `upTo` at most. */
export const readPage = async (
  reader: Pick<LogReader, 'readAll'>,
  log: number,
  after: number,
  upTo: number,
): Promise<Page> => {
  const { events, position } = await reader.readAll(positionOf({ log, sequence: after }), pageEvents)
  const reached = events.length === 0 ? upTo : Math.min(sequenceIn(position, log), upTo)
  return { log, after, upTo: reached, events: events.filter(({ sequence }) => sequence <= reached) }
}
