import type { LogEvent } from './unread.ts'

/** Names a part: each log's streams are dealt out to so many, so that several projectors can share them. */
export type PartName = { readonly log: number; readonly part: number }

/** The same as one text. */
export const keyOf = ({ log, part }: PartName): string => `${log} ${part}`

/** How far a part has been seen: up to this sequence of its log. */
export type SeenPart = PartName & {
  readonly sequence: number
  /** Where the feed had what comes next; a hint that may be wrong, undefined for the beginning. */
  readonly offset?: number
}

/**
 * A stretch of a part: `events` are all that it has with sequences after `after`, up to and including `upTo`, in order;
 * there may be none. What was handed out before may come again.
 */
export type Stretch = PartName & {
  readonly after: number
  readonly upTo: number
  readonly events: readonly LogEvent[]
  readonly offset?: number
}

/** How events reach the projectors: at least once, in order per part. */
export type EventFeed = {
  /** How many parts each log has. */
  readonly parts: number
  /** How many logs there are. */
  readonly logs: number
  /** The part that all events of a stream are in. */
  partOf(stream: string): number
  /**
   * Stretches without end, until `signal` is aborted. `seen` is asked where to begin: at the beginning, and again whenever
   * other parts are given to this consumer. A feed may leave a hole: then a stretch begins after what was seen.
   */
  subscribe(seen: () => Promise<readonly SeenPart[]>, signal: AbortSignal): AsyncIterable<readonly Stretch[]>
  /** A stretch of a part in pieces, from the log itself. */
  reread(part: PartName, after: number, upTo: number): AsyncIterable<Stretch>
  /** A stretch of a log in pieces, each as it is dealt out to all parts. */
  rereadAll(log: number, after: number, upTo: number): AsyncIterable<readonly Stretch[]>
}
