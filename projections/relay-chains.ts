import type { Outgoing, Publisher } from './publisher.ts'
import type { LogEvent } from './unread.ts'

/** What a log's parts have come to, each record beginning where the one before it in its part ended. */
export type Chains = {
  /** Records for events, which are all that the log has from where the last ones ended, up to and including `upTo`. */
  deal(events: readonly LogEvent[], upTo: number): readonly Outgoing[]
  /** Watermarks that bring the parts that are behind to where the log has been dealt out. */
  watermarks(): readonly Outgoing[]
  /** Watermarks for all parts, also those that say nothing new: who has lost records before them sees it. */
  heartbeats(): readonly Outgoing[]
  /** Up to where the log has been dealt out. */
  reached(): number
  /** Up to where that has been said in every part. */
  said(): number
}

/** Begins the chains of a log where all parts have been confirmed to be. */
export const chainsFrom = (
  log: number,
  { parts, partOf }: Pick<Publisher, 'parts' | 'partOf'>,
  checkpoint: number,
): Chains => {
  const ends = new Map(Array.from({ length: parts }, (_, part) => [part, checkpoint]))
  let reached = checkpoint

  const link = (part: number, upTo: number, event?: LogEvent): Outgoing => {
    const after = ends.get(part)
    if (after === undefined) throw new RangeError(`log ${log} has ${parts} parts and no part ${part}`)
    ends.set(part, upTo)
    return { log, part, after, upTo, ...(event === undefined ? {} : { event }) }
  }
  return {
    deal: (events, upTo) => {
      const records = events.map((event) => link(partOf(event.stream), event.sequence, event))
      reached = upTo
      return records
    },
    watermarks: () => [...ends].flatMap(([part, end]) => (end < reached ? [link(part, reached)] : [])),
    heartbeats: () => [...ends.keys()].map((part) => link(part, reached)),
    reached: () => reached,
    said: () => Math.min(...ends.values()),
  }
}
