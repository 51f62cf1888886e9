import type { LogEvent } from '../unread.ts'
import type { Outgoing } from '../publisher.ts'
import { partOf } from './parted-feed.ts'
import type { MemoryTopic } from './memory-topic.ts'

const named = ({ after, upTo, event }: Outgoing): string => `(${after}, ${upTo}]${event === undefined ? '' : ' event'}`

/** What a reader of one part meets that it should not, given all events of that part. */
const faultsIn = (records: readonly Outgoing[], events: readonly LogEvent[], part: number): readonly string[] => {
  const faults: string[] = []
  const delivered: LogEvent[] = []
  let cursor = 0
  for (const record of records) {
    const { after, upTo, event } = record
    const held = events.filter(({ sequence }) => sequence > after && sequence <= upTo)
    const isTrue = event === undefined ? held.length === 0 : held.length === 1 && held[0] === event
    if (!isTrue || record.part !== part || (event !== undefined && event.sequence !== upTo))
      faults.push(`part ${part}: ${named(record)} is not true`)
    if (after > cursor) faults.push(`part ${part}: a hole between ${cursor} and ${named(record)}`)
    if (upTo <= cursor) continue
    cursor = upTo
    if (event !== undefined) delivered.push(event)
  }
  const seen = delivered.map(({ id }) => id).join()
  if (seen !== events.map(({ id }) => id).join())
    faults.push(`part ${part}: its events are not each there once, in order`)
  return faults
}

/** What readers of a topic meet that they should not: holes, records that are not true, events missing or out of order. */
export const faultsOf = ({ parts }: MemoryTopic, log: readonly LogEvent[]): readonly string[] =>
  parts.flatMap((records, part) =>
    faultsIn(
      records,
      log.filter(({ stream }) => partOf(stream, parts.length) === part),
      part,
    ),
  )

/** Up to where every part has been told everything. */
export const toldIn = ({ parts }: MemoryTopic): number =>
  Math.min(...parts.map((records) => records.reduce((furthest, { upTo }) => Math.max(furthest, upTo), 0)))
