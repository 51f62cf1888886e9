import { FORWARDS, type ResolvedEvent } from '@eventstore/db-client'
import type { Line } from '../../proof/line.ts'
import type { ProvedLog } from '../../proof/proved-log.ts'
import { lineOf } from './chain.ts'
import { connect } from './connection.ts'
import { collected, readStreamOf } from './read.ts'
import { isOurs, placeOf, sequenceOf } from './recorded.ts'

const callMs = 10_000
/** Of the server's own events there may be many between two of ours. */
const pageSize = 1_000

/** Opens one of the stores to be proved; nothing is asked of it yet. A line's sequence is a commit position. */
export const openProvedStore = (connectionString: string, log: number): ProvedLog & { close(): Promise<void> } => {
  const connection = connect(connectionString)
  return {
    linesAfter: async (after, limit) => {
      const lines: Line[] = []
      for (let seen = after; lines.length < limit; ) {
        // The first one is the last one of before: a page begins with the event that it is asked from.
        const options = {
          fromPosition: placeOf(seen),
          direction: FORWARDS,
          maxCount: pageSize,
          requiresLeader: true,
        } as const
        const page: ResolvedEvent[] = await connection.call((client) => collected(client.readAll(options)), callMs)
        const news = page.filter((resolved) => sequenceOf(resolved) > seen)
        for (const resolved of news) if (isOurs(resolved) && lines.length < limit) lines.push(lineOf(resolved))
        const last = news.at(-1)
        if (last === undefined || page.length < pageSize) break
        seen = sequenceOf(last)
      }
      return lines
    },
    linesOf: (stream, from, limit) => readStreamOf({ connection, log, callMs }, stream, from, limit, lineOf),
    close: () => connection.close(),
  }
}
