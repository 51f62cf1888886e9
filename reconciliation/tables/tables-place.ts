import { timeSizes } from '../../domain/period.ts'
import { lowest, type Position } from '../../domain/position.ts'
import type { LogReader } from '../../projections/log-reader.ts'
import { reachedBy } from '../../projections/reached.ts'
import type { ReadModelServer } from '../../projections/read-model-store.ts'
import type { StreamReader } from '../../projections/stream-reader.ts'
import type { LogEvent } from '../../projections/unread.ts'
import type { Comparison, Place } from '../place.ts'
import type { Page } from '../page.ts'
import { compareEventRows } from './compare-event-rows.ts'
import { compareStates } from './compare-states.ts'
import { reprojector } from './reproject.ts'
import { inSnapshot } from './snapshot.ts'
import { straysIn } from './strays.ts'
import { carrying } from './times/carried.ts'
import { compareTimes } from './times/compare-times.ts'

/** What the read models are compared with. */
export type TablesDeps = {
  readonly servers: readonly ReadModelServer[]
  readonly streams: StreamReader
  /** The part of its log that a stream's events are in. */
  readonly partOf: (stream: string) => number
  readonly logs: readonly Pick<LogReader, 'readAll'>[]
  /** How far it is from one event of a log to the next (`domain/period.ts`). */
  readonly stride: number
}

const compareOn = async (
  server: ReadModelServer,
  { streams, stride }: TablesDeps,
  page: Page,
  before: readonly LogEvent[] | undefined,
): Promise<readonly Comparison[]> => {
  const { events, times, judge } = await inSnapshot(server, async (sql, shards) => ({
    events: await compareEventRows(sql, server, shards, page),
    times: await compareTimes(sql, server, shards, page, before, timeSizes(stride)[0] ?? 1),
    judge: await compareStates(sql, server, shards, page),
  }))
  return [...events, { parts: [], differences: times }, await judge(streams)]
}

/**
 * The rows of PostgreSQL. With pages of the log go those of single events, payments and payouts as of their revision, and when
 * the finest periods were; all that is made from these is held against them afterwards (`strays`).
 */
export const tablesPlace = (deps: TablesDeps): Place => {
  const { servers, stride } = deps
  const carried = carrying(timeSizes(stride)[0] ?? 1)
  return {
    where: 'postgres',
    canChange: true,
    reached: async (): Promise<Position> => {
      const shards = (await Promise.all(servers.map(reachedBy))).flat()
      return lowest(shards.map(({ position }) => position))
    },
    compare: async (page) => {
      const before = carried(page)
      const comparisons = (await Promise.all(servers.map((server) => compareOn(server, deps, page, before)))).flat()
      return {
        parts: comparisons.flatMap(({ parts }) => parts),
        differences: comparisons.flatMap(({ differences }) => differences),
      }
    },
    strays: (after, wrong) => straysIn(deps, after, wrong),
    repair: reprojector(deps),
  }
}
