import type { Outgoing, Publisher } from './publisher.ts'
import type { Ahead } from './read-ahead.ts'
import { chainsFrom } from './relay-chains.ts'
import type { RelayPace } from './relay-pace.ts'

/** Records that are sent together. */
export type Round = {
  readonly records: readonly Outgoing[]
  /** Up to where the log has been dealt out with them. */
  readonly sent: number
  /** Up to where every part has been told so once they are confirmed. A part that was not would show a hole after it. */
  readonly checkpoint: number
}

/** What there is to send, round by round. */
export type Rounds = {
  /** The next round; undefined when there is nothing to send yet. Throws when nothing more will come. */
  next(): Round | undefined
  /** How long until there is something to send, if nothing comes. */
  dueMs(): number
}

/**
 * Brokers and readers have a batch of its own to deal with in each part for a round of watermarks. Where that takes them
 * long it is a quarter of what they are given to do, or comes every five pauses.
 */
const pauseOf = (watermarkMs: number, tookMs: number): number =>
  Math.max(watermarkMs, Math.min(4 * tookMs, 5 * watermarkMs))

/** Makes rounds of what is read of a log after a checkpoint. */
export const roundsOf = (
  ahead: Ahead,
  log: number,
  publisher: Pick<Publisher, 'parts' | 'partOf'>,
  checkpoint: number,
  { watermarkMs, heartbeatMs }: Pick<RelayPace, 'watermarkMs' | 'heartbeatMs'>,
): Rounds => {
  const chains = chainsFrom(log, publisher, checkpoint)
  let markedAt = Number.NEGATIVE_INFINITY
  let markedLast = false
  let tookMs = 0

  const isBehind = (): boolean => chains.said() < chains.reached()
  const dueMs = (): number => {
    const pauseMs = isBehind() ? pauseOf(watermarkMs, tookMs) : heartbeatMs
    return Math.max(0, markedAt + pauseMs - performance.now())
  }
  /** Parts without events hear how far the log is at once, but no more often than they need to. */
  const marks = (): readonly Outgoing[] => {
    if (dueMs() > 0) return []
    markedAt = performance.now()
    markedLast = true
    return isBehind() ? chains.watermarks() : chains.heartbeats()
  }
  return {
    dueMs,
    next: () => {
      // One round is asked for when the one before it was confirmed.
      if (markedLast) tookMs = performance.now() - markedAt
      markedLast = false
      const piece = ahead.take()
      const dealt = piece === undefined ? [] : chains.deal(piece.events, piece.upTo)
      const records = [...dealt, ...marks()]
      return records.length === 0 ? undefined : { records, sent: chains.reached(), checkpoint: chains.said() }
    },
  }
}
