import { positionOf, sequenceIn } from '../domain/position.ts'
import type { EventFeed, PartName, Stretch } from './event-feed.ts'
import type { LogReader } from './log-reader.ts'
import type { LogEvent } from './unread.ts'

/** Enough for what a feed has left out by mistake, and enough for a batch where it never had it. */
const [pageSize, largePageSize] = [2_000, 8_000]

type Log = Pick<LogReader, 'readAll'>
type Page = { readonly after: number; readonly upTo: number; readonly events: readonly LogEvent[] }

/** A stretch of a log, page by page up to `upTo`. An empty page is the log's end: nothing is up to there. */
async function* pagesOf(source: Log, log: number, after: number, upTo: number, limit: number): AsyncGenerator<Page> {
  let from = after
  while (from < upTo) {
    const { events, position } = await source.readAll(positionOf({ log, sequence: from }), limit)
    const reached = events.length === 0 ? upTo : Math.min(sequenceIn(position, log), upTo)
    yield { after: from, upTo: reached, events: events.filter(({ sequence }) => sequence <= upTo) }
    from = reached
  }
}

/**
 * How a feed of so many parts deals out its `logs`, and reads from them what it has not handed out. Both ways to read throw
 * `RangeError` where there is no such log.
 */
export const rereadsOf = (
  logs: readonly Log[],
  parts: number,
  partOf: (stream: string) => number,
): Pick<EventFeed, 'partOf' | 'reread' | 'rereadAll'> => {
  const logAt = (log: number): Log => {
    const found = logs[log]
    if (found === undefined) throw new RangeError(`there is no log ${log}`)
    return found
  }
  async function* ofPart(source: Log, { log, part }: PartName, after: number, upTo: number): AsyncGenerator<Stretch> {
    for await (const page of pagesOf(source, log, after, upTo, pageSize)) {
      const events = page.events.filter(({ stream }) => partOf(stream) === part)
      yield { log, part, after: page.after, upTo: page.upTo, events }
    }
  }
  async function* ofAll(source: Log, log: number, after: number, upTo: number): AsyncGenerator<readonly Stretch[]> {
    for await (const page of pagesOf(source, log, after, upTo, largePageSize)) {
      const dealt = Array.from({ length: parts }, (): LogEvent[] => [])
      for (const event of page.events) dealt[partOf(event.stream)]?.push(event)
      yield dealt.map((events, part) => ({ log, part, after: page.after, upTo: page.upTo, events }))
    }
  }
  return {
    partOf,
    reread: (name, after, upTo) => ofPart(logAt(name.log), name, after, upTo),
    rereadAll: (log, after, upTo) => ofAll(logAt(log), log, after, upTo),
  }
}
