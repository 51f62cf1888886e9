import { sequenceIn, sequencesIn } from '../domain/position.ts'
import type { EventFeed, Stretch } from './event-feed.ts'
import type { LogBatch, LogReader } from './log-reader.ts'
import { positionSeen } from './position-seen.ts'
import { rereadsOf } from './reread.ts'

/** What a batch has brought, log by log. */
const stretchesOf = (batch: LogBatch, before: string): readonly Stretch[] =>
  sequencesIn(batch.position).flatMap((upTo, log) => {
    const after = sequenceIn(before, log)
    const events = batch.events.filter((event) => event.log === log)
    return upTo === after && events.length === 0 ? [] : [{ log, part: 0, after: Math.min(after, upTo), upTo, events }]
  })

/**
 * The tail of the logs themselves, to a projector that follows all of it: each log is one part. `all` reads them as one,
 * `logs` one by one.
 */
export const tailFeed = (all: LogReader, logs: readonly LogReader[] = [all]): EventFeed => ({
  parts: 1,
  logs: logs.length,
  async *subscribe(seen, signal) {
    let position = positionSeen(await seen())
    for await (const batch of all.subscribe(position, signal)) {
      const stretches = stretchesOf(batch, position)
      if (stretches.length > 0) yield stretches
      position = batch.position
    }
  },
  ...rereadsOf(logs, 1, () => 0),
})
