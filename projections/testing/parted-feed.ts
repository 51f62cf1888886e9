import { once } from 'node:events'
import type { EventFeed, Stretch } from '../event-feed.ts'
import type { LogReader } from '../log-reader.ts'
import { rereadsOf } from '../reread.ts'
import type { LogEvent } from '../unread.ts'
import { memoryLog } from './memory-log.ts'
import type { Random } from './random.ts'

/** The part of a stream. */
export const partOf = (stream: string, parts: number): number =>
  new TextEncoder().encode(stream).reduce((sum, byte) => (sum * 31 + byte) % 9_973, 7) % parts

/**
 * How a parted feed behaves: how likely it is that it goes back, that a stretch is left out, and how many events it hands
 * out at least (none, when absent), going back from the end before it is done.
 */
export type Mischief = { readonly back: number; readonly loss: number; readonly atLeast?: number }

/**
 * A log in memory, dealt out to parts as a Kafka topic would be: their order among one another is random, each may go back
 * and repeat, and what is lost is lost. Each part ends with a stretch up to the log's end.
 */
export const partedFeed = (
  events: readonly LogEvent[],
  parts: number,
  random: Random,
  { back, loss, atLeast = 0 }: Mischief,
  log: Pick<LogReader, 'readAll'> = memoryLog(events),
): EventFeed => {
  const end = events.at(-1)?.sequence ?? 0
  const topic = Array.from({ length: parts }, (_, part) => {
    const mine = events.filter(({ stream }) => partOf(stream, parts) === part)
    const records: Stretch[] = []
    let after = 0
    while (mine.length > 0) {
      const some = mine.splice(0, 1 + random.below(20))
      const upTo = some.at(-1)?.sequence ?? after
      records.push({ log: 0, part, after, upTo, events: some, offset: records.length + 1 })
      after = upTo
    }
    return [...records.filter(() => !random.chance(loss)), { log: 0, part, after, upTo: end, events: [] }]
  })
  let handedOut = 0
  return {
    parts,
    logs: 1,
    async *subscribe(seen, signal) {
      const next = topic.map(() => 0)
      for (const { part, sequence } of await seen())
        next[part] = topic[part]?.findIndex(({ upTo }) => upTo > sequence) ?? 0
      for (;;) {
        const open = [...topic.keys()].filter((part) => (next[part] ?? 0) < (topic[part]?.length ?? 0))
        if (open.length === 0 || signal.aborted) break
        const part = random.pick(open) ?? 0
        const index = next[part] ?? 0
        const stretch = topic[part]?.[index]
        const last = (topic[part]?.length ?? 1) - 1
        if (index === last && handedOut < atLeast) {
          next[part] = random.below(last)
          continue
        }
        handedOut += stretch?.events.length ?? 0
        if (stretch !== undefined) yield [stretch]
        next[part] = random.chance(back) ? random.below(index + 1) : index + 1
      }
      if (!signal.aborted) await once(signal, 'abort')
    },
    ...rereadsOf([log], parts, (stream) => partOf(stream, parts)),
  }
}
