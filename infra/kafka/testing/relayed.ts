import type { RecordedEvent } from '../../../domain/event.ts'
import type { Outgoing } from '../../../projections/publisher.ts'
import { partOf } from '../publisher.ts'

/** What a relay makes of one log's events, as they come: each a record of its part, a watermark for every part at the end. */
export const relayed = (parts: number) => {
  const ends = Array.from({ length: parts }, () => 0)
  return (events: readonly RecordedEvent[]): readonly Outgoing[] => {
    const records = events.map((event): Outgoing => {
      const part = partOf(event.stream, parts)
      const after = ends[part] ?? 0
      ends[part] = event.sequence
      return { log: 0, part, after, upTo: event.sequence, event }
    })
    const last = events.at(-1)?.sequence
    if (last === undefined) return records
    const watermarks = ends.map((after, part): Outgoing => ({ log: 0, part, after, upTo: last }))
    ends.fill(last)
    return [...records, ...watermarks]
  }
}
