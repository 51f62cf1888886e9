import type { EventFeed, Stretch } from '../event-feed.ts'
import type { LogReader } from '../log-reader.ts'
import type { Outgoing } from '../publisher.ts'
import { rereadsOf } from '../reread.ts'
import type { MemoryTopic } from './memory-topic.ts'
import { partOf } from './parted-feed.ts'
import { moment } from './pause.ts'
import type { Random } from './random.ts'

const stretchOf = ({ log, part, after, upTo, event }: Outgoing, offset: number): Stretch => ({
  log,
  part,
  after,
  upTo,
  offset,
  events: event === undefined ? [] : [event],
})

/** A topic in memory to one consumer that has all its parts, while it is being written. */
export const topicFeed = (topic: MemoryTopic, log: Pick<LogReader, 'readAll'>, random: Random): EventFeed => ({
  parts: topic.parts.length,
  logs: 1,
  async *subscribe(seen, signal) {
    const next = new Map<number, number>()
    for (const { part, offset = 0 } of await seen()) next.set(part, offset)
    while (!signal.aborted) {
      await moment(random)
      for (const [part, records] of topic.parts.entries()) {
        const from = next.get(part) ?? 0
        const some = records.slice(from, from + 1 + random.below(200))
        next.set(part, from + some.length)
        if (some.length > 0) yield some.map((record, index) => stretchOf(record, from + index + 1))
      }
    }
  },
  ...rereadsOf([log], topic.parts.length, (stream) => partOf(stream, topic.parts.length)),
})
