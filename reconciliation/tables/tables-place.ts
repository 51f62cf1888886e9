import { lowest, type Position } from '../../domain/position.ts'
import { reachedBy } from '../../projections/reached.ts'
import type { ReadModelServer } from '../../projections/read-model-store.ts'
import type { StreamReader } from '../../projections/stream-reader.ts'
import type { Comparison, Place } from '../place.ts'
import type { Page } from '../page.ts'
import { compareJournal } from './compare-journal.ts'
import { compareStates } from './compare-states.ts'
import { liveShards } from './live-schemas.ts'
import { type Reprojector, reprojector } from './reproject.ts'
import { straysIn } from './strays.ts'

/** What the read models are compared with. */
export type TablesDeps = {
  readonly servers: readonly ReadModelServer[]
  readonly streams: StreamReader
  /** The part of its log that a stream's events are in. */
  readonly partOf: (stream: string) => number
  readonly logs: number
  /** How far it is from one event of a log to the next (`domain/period.ts`). */
  readonly stride: number
}

/** Everything of one snapshot, and of nothing that is written meanwhile. */
const snapshot = 'set transaction isolation level repeatable read, read only'

const compareOn = async (
  server: ReadModelServer,
  streams: StreamReader,
  page: Page,
): Promise<readonly Comparison[]> => {
  const { journal, judge } = await server.transaction(async (sql) => {
    await sql.query(snapshot)
    const shards = await liveShards(sql, server)
    return {
      journal: await compareJournal(sql, server, shards, page),
      judge: await compareStates(sql, server, shards, page),
    }
  })
  return [journal, await judge(streams)]
}

/** The rows of PostgreSQL: the journal's by the events that they were made from, payments and payouts as of their revision. */
export const tablesPlace = (deps: TablesDeps): Place => {
  const { servers, streams } = deps
  const reproject: Reprojector = reprojector(deps)
  return {
    where: 'postgres',
    canChange: true,
    reached: async (): Promise<Position> => {
      const shards = (await Promise.all(servers.map(reachedBy))).flat()
      return lowest(shards.map(({ position }) => position))
    },
    compare: async (page) => {
      const comparisons = (await Promise.all(servers.map((server) => compareOn(server, streams, page)))).flat()
      return {
        parts: comparisons.flatMap(({ parts }) => parts),
        differences: comparisons.flatMap(({ differences }) => differences),
      }
    },
    strays: (after) => straysIn(deps, after),
    repair: reproject,
  }
}
