import { setTimeout as wait } from 'node:timers/promises'
import { announcer } from './announcer.ts'
import { followed } from './copies/followed.ts'
import { CopiesChanged, type Plan } from './copies/target.ts'
import type { Result } from './do-work.ts'
import type { Logger } from './logger.ts'
import { type ParkedStream, readUnreadable } from './parked-streams.ts'
import type { Projection } from './projection.ts'
import { type Retry, retryParked } from './retry-parked.ts'
import type { StatusCache } from './status-cache.ts'

/** The same, and who is told of it. */
export type Telling = Retry & { readonly statusCache: StatusCache; readonly logger: Logger }

/** What streams that could not be read are taken up again with. */
export type TakeUp = Telling & {
  /** Nobody else's: what they remember is of these streams alone. */
  readonly projections: readonly Projection[]
}

const pageSize = 1_000
const firstPauseMs = 5_000
const longestPauseMs = 3_600_000

/** Tries a parked stream again in the target of the plan that has parked it; nothing comes of one that the plan has not. */
export const retryIn = async (telling: Telling, plan: Plan, parked: ParkedStream): Promise<Result> => {
  const target = plan.targets.find(
    ({ schema, projection }) => schema === parked.schema && projection.name === parked.projection,
  )
  if (target === undefined) return { changed: [], parked: [] }
  try {
    return await retryParked(telling, plan, target, parked)
  } finally {
    // It may not have been committed, and mostly it was the only batch with this stream.
    target.projection.forget()
  }
}

/**
 * Tries each stream that is parked in the plan's targets because it could not be read once, a page at a time. Ends when
 * `signal` is aborted.
 */
export const takeUpIn = async (telling: Telling, plan: Plan, signal: AbortSignal): Promise<void> => {
  const { server, logger } = telling
  const told = announcer(telling)
  for (const schema of new Set(plan.targets.map((target) => target.schema))) {
    for (let last: ParkedStream | undefined; !signal.aborted; ) {
      const after = last
      const page = await server.transaction((sql) => readUnreadable(sql, schema, after, pageSize))
      let tried = 0
      let parkedAgain = 0
      for (const parked of page) {
        if (signal.aborted) break
        const result = await retryIn(telling, plan, parked)
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

/** The same in all copies that are followed. Throws `CopiesChanged` where some have come or gone meanwhile. */
export const takeUpOnce = async (takeUp: TakeUp, signal: AbortSignal): Promise<void> => {
  const { server, projections } = takeUp
  const plan = await server.transaction((sql) => followed(sql, server, projections))
  await takeUpIn(takeUp, plan, signal)
}

/**
 * Takes up again what an older version could not read, at the beginning and ever more rarely: in the course of an upgrade
 * older processes may go on for a while and park more.
 */
export const takeUpParked = async (takeUp: TakeUp, signal: AbortSignal): Promise<void> => {
  let pauseMs = firstPauseMs
  while (!signal.aborted) {
    try {
      await takeUpOnce(takeUp, signal)
    } catch (error) {
      if (error instanceof CopiesChanged) continue
      takeUp.logger.warn({ err: error, pauseMs }, 'parked streams cannot be tried again now')
    }
    await wait(pauseMs, undefined, { signal }).catch(() => undefined)
    pauseMs = Math.min(2 * pauseMs, longestPauseMs)
  }
}
