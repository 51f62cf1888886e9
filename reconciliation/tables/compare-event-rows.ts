import { isRead, type LogEvent } from '../../projections/unread.ts'
import type { ReadModelServer, Sql } from '../../projections/read-model-store.ts'
import { compareRecords, type EventRecord } from '../compare-records.ts'
import type { Difference } from '../difference.ts'
import { digestOf, isSame } from '../digest.ts'
import { locate } from '../locate.ts'
import type { Page } from '../page.ts'
import { type Comparison, type PartDigests } from '../place.ts'
import { Behind } from './behind.ts'
import { recordIn } from './event-records.ts'
import { rowDigests, rowsIn } from './event-rows.ts'
import { type EventTable, eventTables } from './event-tables.ts'
import type { LiveShard } from './live-schemas.ts'
import { type Standing, standingOf } from './standing.ts'

/** More than a stretch of few events has, unless somebody has filled the table by hand. */
const mostRows = 1_000

const revisionOf = (event: LogEvent | undefined): Pick<Difference, 'revision'> =>
  event === undefined ? {} : { revision: event.revision }

/** The rows that each shard's table should have of a page. What cannot be read or was parked has none. */
const expectedOf = (
  table: EventTable,
  { shardOf }: Pick<ReadModelServer, 'shardOf'>,
  standings: ReadonlyMap<string, Standing>,
  { events }: Pick<Page, 'events'>,
): ReadonlyMap<string, readonly EventRecord[]> => {
  const shards = new Map<string, EventRecord[]>()
  for (const event of events) {
    if (!isRead(event)) continue
    const shard = shardOf(event.metadata.merchantId)
    const standing = standings.get(shard)
    if (standing === undefined) continue
    if ((standing.parked.get(event.stream) ?? Number.MAX_SAFE_INTEGER) <= event.sequence) continue
    const record = recordIn(table, event)
    if (record === undefined) continue
    const known = shards.get(shard)
    if (known === undefined) shards.set(shard, [record])
    else known.push(record)
  }
  return shards
}

const isWithin = ({ after, upTo }: Page, sequence: number): boolean => sequence > after && sequence <= upTo

/**
 * Compares the rows that each shard has of a page's events, digests first, and rows only where those differ. Throws `Behind`
 * where a shard has not come so far.
 */
export const compareEventRows = async (
  sql: Sql,
  server: ReadModelServer,
  shards: readonly LiveShard[],
  page: Page,
): Promise<readonly Comparison[]> => {
  const standings = new Map<string, Standing>()
  for (const each of shards) {
    const standing = await standingOf(sql, each, 'journal', page.log)
    if (standing.seen < page.upTo) throw new Behind(`the journal of ${each.shard}`, standing.seen, page.upTo)
    standings.set(each.shard, standing)
  }
  const comparisons: Comparison[] = []
  for (const table of eventTables)
    comparisons.push(await compareTable(sql, table, shards, expectedOf(table, server, standings, page), page))
  return comparisons
}

const compareTable = async (
  sql: Sql,
  table: EventTable,
  shards: readonly LiveShard[],
  all: ReadonlyMap<string, readonly EventRecord[]>,
  page: Page,
): Promise<Comparison> => {
  const wantedOf = (shard: string, of: Page): readonly EventRecord[] =>
    (all.get(shard) ?? []).filter(({ sequence }) => isWithin(of, sequence))
  const schemas = shards.map((each) => each.schemas.journal)
  const found = await rowDigests(sql, table, schemas, page)
  const parts: PartDigests[] = []
  const differences: Difference[] = []
  const eventAt = new Map(page.events.map((event) => [event.sequence, event]))
  for (const [index, live] of shards.entries()) {
    const { shard } = live
    const { journal } = live.schemas
    const digestsOf = async (of: Page): Promise<PartDigests> => {
      const expected = digestOf(wantedOf(shard, of).map(({ hash }) => hash))
      const there = of === page ? found[index] : (await rowDigests(sql, table, [journal], of))[0]
      const part = table.record === 'journal' ? shard : `${shard} ${table.table}`
      return { part, expected, found: there ?? digestOf([]) }
    }
    parts.push(await digestsOf(page))
    const differing = await locate(page, async (of) => {
      const { expected, found: there } = await digestsOf(of)
      return !isSame(expected, there)
    })
    for (const stretch of differing)
      differences.push(
        ...compareRecords(wantedOf(shard, stretch), await rowsIn(sql, table, journal, stretch, mostRows)).map(
          ({ kind, sequence, stream }) => ({
            where: 'postgres' as const,
            record: table.record,
            kind,
            part: shard,
            stream: eventAt.get(sequence)?.stream ?? stream,
            log: page.log,
            sequence,
            ...revisionOf(eventAt.get(sequence)),
          }),
        ),
      )
  }
  return { parts, differences }
}
