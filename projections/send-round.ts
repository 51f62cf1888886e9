import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from './logger.ts'
import type { Outgoing, Publisher } from './publisher.ts'
import type { RelayPace } from './relay-pace.ts'

/** True once it is done, false when it is not within `graceMs` after `stop`; rejects as it does. */
const unlessStopped = async (work: Promise<void>, graceMs: number, stop: AbortSignal): Promise<boolean> => {
  const ended = new AbortController()
  const { signal } = ended
  const patience = async (): Promise<boolean> => {
    if (!stop.aborted) await once(stop, 'abort', { signal })
    await wait(graceMs, undefined, { signal })
    return false
  }
  // It ends with the work, or the work with it.
  const patient = patience().catch(() => false)
  try {
    return await Promise.race([work.then(() => true), patient])
  } finally {
    ended.abort()
  }
}

/**
 * Sends the same records until they are confirmed; false when `signal` was aborted before that. A call under way then is
 * waited for, since there may be only one: as long as it takes when the lease was lost, for a while when we are told to
 * `stop`.
 */
export const sendRound = async (
  publisher: Publisher,
  records: readonly Outgoing[],
  { firstPauseMs, longestPauseMs, graceMs }: Pick<RelayPace, 'firstPauseMs' | 'longestPauseMs' | 'graceMs'>,
  logger: Logger,
  signal: AbortSignal,
  stop: AbortSignal,
): Promise<boolean> => {
  let pauseMs = firstPauseMs
  while (!signal.aborted) {
    try {
      return await unlessStopped(publisher.publish(records), graceMs, stop)
    } catch (error) {
      const [first] = records
      const round = { log: first?.log, records: records.length }
      logger.warn({ err: error, ...round, pauseMs }, 'records were not confirmed and are sent again')
    }
    await wait(pauseMs, undefined, { signal }).catch(() => undefined)
    pauseMs = Math.min(2 * pauseMs, longestPauseMs)
  }
  return false
}
