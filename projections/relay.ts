import { setTimeout as wait } from 'node:timers/promises'
import { positionOf } from '../domain/position.ts'
import { type Held, holdLease } from './hold-lease.ts'
import type { LogReader } from './log-reader.ts'
import type { Logger } from './logger.ts'
import type { Publisher } from './publisher.ts'
import { readAhead } from './read-ahead.ts'
import type { RelayLease } from './relay-lease.ts'
import type { RelayPace } from './relay-pace.ts'
import { roundsOf } from './rounds.ts'
import { sendRound } from './send-round.ts'

/** Sequences of a log: up to where it has been sent, and up to where the brokers have confirmed all of it. */
export type RelayProgress = { readonly log: number; readonly sent: number; readonly confirmed: number }

/** What a relay of one log works with. */
export type Relay = {
  readonly log: number
  /** Reads this log alone. */
  readonly reader: Pick<LogReader, 'subscribe'>
  /** Nobody else's: it takes one call at a time. */
  readonly publisher: Publisher
  readonly lease: RelayLease
  readonly logger: Logger
  /** Told when something was sent or confirmed, and `undefined` when this relay goes back to standing by. */
  readonly onProgress: (progress: RelayProgress | undefined) => void
  readonly pace: RelayPace
}

/** The checkpoint, once the lease is ours; undefined when `signal` was aborted before. */
const takeLease = async ({ lease, log, logger, pace }: Relay, signal: AbortSignal): Promise<number | undefined> => {
  while (!signal.aborted) {
    try {
      const checkpoint = await lease.take(log)
      if (checkpoint !== undefined) return checkpoint
    } catch (error) {
      logger.warn({ log, err: error }, 'the lease of the relay could not be asked for')
    }
    // Those who stand by do not all ask at the same moment.
    await wait(pace.askMs * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined)
  }
  return undefined
}

/** Sends what comes after the checkpoint until `signal` is aborted. Throws when the log cannot be read on. */
const relayOn = async (relay: Relay, held: Held, signal: AbortSignal, stop: AbortSignal): Promise<void> => {
  const { log, reader, publisher, logger, onProgress, pace } = relay
  const begin = held.checkpoint()
  const ended = new AbortController()
  const from = positionOf({ log, sequence: begin })
  const batches = reader.subscribe(from, AbortSignal.any([signal, ended.signal]))
  const ahead = readAhead(batches, log, begin, pace.roundLimit)
  try {
    const rounds = roundsOf(ahead, log, publisher, begin, pace)
    while (!signal.aborted) {
      const round = rounds.next()
      if (round === undefined) await ahead.change(rounds.dueMs(), signal)
      else {
        onProgress({ log, sent: round.sent, confirmed: held.checkpoint() })
        if (!(await sendRound(publisher, round.records, pace, logger, signal, stop))) return
        held.confirm(round.checkpoint)
        onProgress({ log, sent: round.sent, confirmed: round.checkpoint })
      }
    }
  } finally {
    ended.abort()
    ahead.end()
  }
}

/** Relays as long as the lease is ours, and begins again from the checkpoint when the log could not be read. */
const relayWhileHeld = async (relay: Relay, held: Held, stop: AbortSignal): Promise<void> => {
  const { log, logger, pace } = relay
  const signal = AbortSignal.any([stop, held.lost])
  let pauseMs = pace.firstPauseMs
  while (!signal.aborted) {
    const begin = held.checkpoint()
    try {
      await relayOn(relay, held, signal, stop)
    } catch (error) {
      if (held.checkpoint() > begin) pauseMs = pace.firstPauseMs
      logger.warn({ log, err: error, pauseMs }, 'the relay begins again from its checkpoint')
      await wait(pauseMs, undefined, { signal }).catch(() => undefined)
      pauseMs = Math.min(2 * pauseMs, pace.longestPauseMs)
    }
  }
}

/**
 * Sends a log to where projectors read it, at least once and in order per part, until `signal` is aborted; stands by while
 * another relay does. One for each log: a process may run those of all logs and has the leases that it can get.
 *
 * Why no relay can do harm, not even one that was paused, lost its lease and still sends:
 *
 * - A record speaks of the log and of nothing else. "After `after` this part has only this event up to `upTo`" (or none)
 *   is true whoever says it and whatever stands before it, because a log never changes. A reader that has seen a part up
 *   to its cursor passes over records that end there or before, takes those that begin there or before and end beyond,
 *   and sees a hole when one begins beyond. So in whatever way the records of several relays are interleaved, repeated or
 *   lost, nobody passes an event by without noticing.
 * - In the right course of things there is no hole either. A relay begins at a checkpoint up to which every part was told
 *   everything, confirmed by the brokers, so that all of it stands before the relay's first record; and from there each
 *   of its records of a part begins where the one before it ended, and is sent after that one was confirmed or together
 *   with it. Records of another relay in between can only take a reader further.
 * - A checkpoint that is older than it was (the database was replaced by a lagging replica) is one that was confirmed too.
 */
export const runRelay = async (relay: Relay, signal: AbortSignal): Promise<void> => {
  const { lease, log, logger, onProgress, pace } = relay
  while (!signal.aborted) {
    const checkpoint = await takeLease(relay, signal)
    if (checkpoint === undefined) return
    logger.info({ log, checkpoint }, 'this relay has the log')
    const held = holdLease(lease, log, checkpoint, pace, logger)
    try {
      await relayWhileHeld(relay, held, signal)
    } finally {
      await held.end()
      onProgress(undefined)
      logger.info({ log, checkpoint: held.checkpoint() }, 'this relay stands by or ends')
    }
  }
}
