import type { PartName } from './event-feed.ts'
import type { LogEvent } from './unread.ts'

/**
 * One record for a part: the event with sequence `upTo` or, without one, a watermark: the part has no event after `after`
 * up to and including `upTo`. `after` is where the record before it in the same part ended, so that a reader sees holes.
 */
export type Outgoing = PartName & { readonly after: number; readonly upTo: number; readonly event?: LogEvent }

/** Where a relay sends what projectors read. */
export type Publisher = {
  /** How many parts each log is dealt out to. */
  readonly parts: number
  /** The part that all events of a stream are in. */
  partOf(stream: string): number
  /**
   * Sends records, those of each part in their order. Resolves when each of them is confirmed to be kept; otherwise rejects,
   * and any of them may have been kept. Not to be called again before it has ended. Records may be kept twice.
   */
  publish(records: readonly Outgoing[]): Promise<void>
}
