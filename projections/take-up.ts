import { setTimeout as wait } from 'node:timers/promises'
import { announcer } from './announcer.ts'
import type { Result } from './do-work.ts'
import type { Logger } from './logger.ts'
import { type ParkedStream, readUnreadable } from './parked-streams.ts'
import type { Projection } from './projection.ts'
import { type Retry, retryParked } from './retry-parked.ts'
import type { StatusCache } from './status-cache.ts'

/** What streams that could not be read are taken up again with. */
export type TakeUp = Retry & {
  /** Nobody else's: what they remember is of these streams alone. */
  readonly projections: readonly Projection[]
  readonly statusCache: StatusCache
  readonly logger: Logger
}

const pageSize = 1_000
const firstPauseMs = 5_000
const longestPauseMs = 3_600_000

const retry = async (takeUp: TakeUp, parked: ParkedStream): Promise<Result> => {
  const projection = takeUp.projections.find(({ name }) => name === parked.projection)
  if (projection === undefined) return { changed: [], parked: [] }
  try {
    return await retryParked(takeUp, projection, parked)
  } finally {
    // It may not have been committed, and mostly it was the only batch with this stream.
    projection.forget()
  }
}

/** Tries each stream that is parked because it could not be read once, a page at a time. Ends when `signal` is aborted. */
export const takeUpOnce = async (takeUp: TakeUp, signal: AbortSignal): Promise<void> => {
  const { server, logger } = takeUp
  const told = announcer(takeUp)
  for (const schema of server.shards) {
    for (let last: ParkedStream | undefined; !signal.aborted; ) {
      const after = last
      const page = await server.transaction((sql) => readUnreadable(sql, schema, after, pageSize))
      let tried = 0
      let parkedAgain = 0
      for (const parked of page) {
        if (signal.aborted) break
        const result = await retry(takeUp, parked)
        tried += 1
        if (result.parked.length > 0) parkedAgain += 1
        await told.announce(result)
      }
      if (tried > 0) logger.info({ schema, tried, parkedAgain }, 'streams that could not be read were tried again')
      last = page.at(-1)
      if (page.length < pageSize) break
    }
  }
  await told.end()
}

/**
 * Takes up again what an older version could not read, at the beginning and ever more rarely: in the course of an upgrade
 * older processes may go on for a while and park more.
 */
export const takeUpParked = async (takeUp: TakeUp, signal: AbortSignal): Promise<void> => {
  for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    await takeUpOnce(takeUp, signal).catch((error: unknown) => {
      takeUp.logger.warn({ err: error, pauseMs }, 'parked streams cannot be tried again now')
    })
    await wait(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}
