import { isRead, type LogEvent } from '../../projections/unread.ts'
import type { ReadModelServer, Sql } from '../../projections/read-model-store.ts'
import { compareRecords, type EventRecord } from '../compare-records.ts'
import type { Difference } from '../difference.ts'
import { digestOf, isSame } from '../digest.ts'
import { locate } from '../locate.ts'
import type { Page } from '../page.ts'
import { type Comparison, type PartDigests } from '../place.ts'
import { Behind } from './behind.ts'
import { journalRecord } from './journal-records.ts'
import { journalDigests, journalRows } from './journal-rows.ts'
import type { LiveShard } from './live-schemas.ts'
import { type Standing, standingOf } from './standing.ts'

/** More than a stretch of few events has, unless somebody has filled the journal by hand. */
const mostRows = 1_000

const revisionOf = (event: LogEvent | undefined): Pick<Difference, 'revision'> =>
  event === undefined ? {} : { revision: event.revision }

/** The rows that each shard's journal should have of a page. What cannot be read or was parked has none. */
const expectedOf = (
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
    const record = journalRecord(event)
    if (record === undefined) continue
    const known = shards.get(shard)
    if (known === undefined) shards.set(shard, [record])
    else known.push(record)
  }
  return shards
}

const isWithin = ({ after, upTo }: Page, sequence: number): boolean => sequence > after && sequence <= upTo

/**
 * Compares the journal of each shard with a page of the log: digests first, and rows only where those differ. Throws
 * `Behind` where a shard has not come so far.
 */
export const compareJournal = async (
  sql: Sql,
  server: ReadModelServer,
  shards: readonly LiveShard[],
  page: Page,
): Promise<Comparison> => {
  const standings = new Map<string, Standing>()
  for (const each of shards) {
    const standing = await standingOf(sql, each, 'journal', page.log)
    if (standing.seen < page.upTo) throw new Behind(`the journal of ${each.shard}`, standing.seen, page.upTo)
    standings.set(each.shard, standing)
  }
  const all = expectedOf(server, standings, page)
  const wantedOf = (shard: string, of: Page): readonly EventRecord[] =>
    (all.get(shard) ?? []).filter(({ sequence }) => isWithin(of, sequence))
  const schemas = shards.map((each) => each.schemas.journal)
  const found = await journalDigests(sql, schemas, page)
  const parts: PartDigests[] = []
  const differences: Difference[] = []
  for (const [
    index,
    {
      shard,
      schemas: { journal },
    },
  ] of shards.entries()) {
    const digestsOf = async (of: Page): Promise<PartDigests> => {
      const expected = digestOf(wantedOf(shard, of).map(({ hash }) => hash))
      const there = of === page ? found[index] : (await journalDigests(sql, [journal], of))[0]
      return { part: shard, expected, found: there ?? digestOf([]) }
    }
    parts.push(await digestsOf(page))
    const differing = await locate(page, async (of) => {
      const { expected, found: there } = await digestsOf(of)
      return !isSame(expected, there)
    })
    for (const stretch of differing) {
      const records = compareRecords(wantedOf(shard, stretch), await journalRows(sql, journal, stretch, mostRows))
      const eventAt = new Map(page.events.map((event) => [event.sequence, event]))
      differences.push(
        ...records.map(({ kind, sequence, stream }) => ({
          where: 'postgres' as const,
          record: 'journal' as const,
          kind,
          part: shard,
          stream: eventAt.get(sequence)?.stream ?? stream,
          log: page.log,
          sequence,
          ...revisionOf(eventAt.get(sequence)),
        })),
      )
    }
  }
  return { parts, differences }
}
