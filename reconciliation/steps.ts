import { lowest, type Position, positionAt, sequenceIn } from '../domain/position.ts'
import type { LogReader } from '../projections/log-reader.ts'
import type { Book } from './book/book.ts'
import type { Page } from './page.ts'
import type { Place } from './place.ts'
import { readPage } from './read-page.ts'

/** What a reconciler works with. */
export type Parts = {
  readonly logs: readonly Pick<LogReader, 'readAll'>[]
  readonly head: () => Promise<Position>
  readonly places: readonly Place[]
  readonly book: Book
  /** Is given each page that was compared for the first time, before it counts as compared: repairs are ordered there. */
  readonly onPage: (page: Page) => Promise<void>
  readonly now: () => Date
}

/** The position up to which all places have what the log has. */
export const commonPosition = async ({ places, head }: Pick<Parts, 'places' | 'head'>): Promise<Position> => {
  // Asked before the log: what is there then, the log has.
  const there = await Promise.all(places.map((place) => place.reached()))
  return lowest([...there, await head()])
}

/** How many logs there are. */
export const countLogs = (parts: Pick<Parts, 'logs'>): number => parts.logs.length

/** The first log that was not compared as far, with where it stands. */
export const behindIn = (parts: Pick<Parts, 'logs'>, at: Position, upTo: Position): number | undefined =>
  Array.from({ length: countLogs(parts) }, (_, log) => log).find((log) => sequenceIn(at, log) < sequenceIn(upTo, log))

/** The position with one log at another sequence. */
export const moved = (parts: Pick<Parts, 'logs'>, at: Position, log: number, sequence: number): Position =>
  positionAt(Array.from({ length: countLogs(parts) }, (_, each) => (each === log ? sequence : sequenceIn(at, each))))

/** The next page of a log after a position. Throws `RangeError` where there is no such log. */
export const pageAt = (parts: Pick<Parts, 'logs'>, at: Position, upTo: Position, log: number): Promise<Page> => {
  const reader = parts.logs[log]
  if (reader === undefined) throw new RangeError(`there is no log ${log}`)
  return readPage(reader, log, sequenceIn(at, log), sequenceIn(upTo, log))
}
