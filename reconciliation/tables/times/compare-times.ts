import { periodOf } from '../../../domain/period.ts'
import type { ReadModelServer, Sql } from '../../../projections/read-model-store.ts'
import { isRead, type LogEvent } from '../../../projections/unread.ts'
import { allMerchants, type Difference } from '../../difference.ts'
import type { Page } from '../../page.ts'
import { Behind } from '../behind.ts'
import { micros } from '../hashed.ts'
import type { LiveShard } from '../live-schemas.ts'
import { type Standing, standingOf } from '../standing.ts'
import { timesOf } from './times-rows.ts'

/** What a row should say of a shard's period: the first and last time (ISO 8601), and the last sequence. */
type Times = { readonly earliest: string; readonly latest: string; readonly last: number }

const textOf = ({ earliest, latest, last }: Times): string => `${micros(earliest)} ${micros(latest)} ${last}`

/** Periods whose events are all known: those between these, of the page's. */
type Stretch = { readonly from: number; readonly before: number }

const wholePeriods = (
  { after, upTo, events }: Page,
  before: readonly LogEvent[] | undefined,
  size: number,
  isAll: boolean,
): Stretch => {
  const begun = periodOf(after + 1, size)
  const carried = before?.[0]?.sequence
  const from = before === undefined ? begun + (after + 1 > begun ? size : 0) : periodOf(carried ?? after + 1, size)
  const last = events.at(-1)?.sequence ?? carried ?? after
  return {
    from,
    before: isAll ? periodOf(Math.max(last, upTo), size) + size : periodOf(Math.max(last, upTo + 1), size),
  }
}

const wantedOf = (
  shardOf: ReadModelServer['shardOf'],
  { shard }: LiveShard,
  { parked }: Standing,
  events: readonly LogEvent[],
  size: number,
): ReadonlyMap<number, Times> => {
  const wanted = new Map<number, Times>()
  for (const event of events) {
    if (!isRead(event) || shardOf(event.metadata.merchantId) !== shard) continue
    const { sequence, recordedAt: at, stream } = event
    if ((parked.get(stream) ?? Number.MAX_SAFE_INTEGER) <= sequence) continue
    const first = periodOf(sequence, size)
    const known = wanted.get(first) ?? { earliest: at, latest: at, last: sequence }
    wanted.set(first, {
      earliest: at < known.earliest ? at : known.earliest,
      latest: at > known.latest ? at : known.latest,
      last: Math.max(sequence, known.last),
    })
  }
  return wanted
}

/**
 * Compares when the events of the finest periods were recorded, of those that a page has all events of together with the ones
 * before it (`carrying`). Throws `Behind` where a shard has not come so far.
 */
export const compareTimes = async (
  sql: Sql,
  server: ReadModelServer,
  shards: readonly LiveShard[],
  page: Page,
  before: readonly LogEvent[] | undefined,
  size: number,
): Promise<readonly Difference[]> => {
  const differences: Difference[] = []
  for (const live of shards) {
    const standing = await standingOf(sql, live, 'periods', page.log)
    if (standing.seen < page.upTo) throw new Behind(`the periods of ${live.shard}`, standing.seen, page.upTo)
    const stretch = wholePeriods(page, before, size, standing.furthest === page.upTo)
    if (stretch.before <= stretch.from) continue
    const isWithin = ({ sequence }: LogEvent): boolean => sequence >= stretch.from && sequence < stretch.before
    const events = [...(before ?? []), ...page.events].filter(isWithin)
    const wanted = wantedOf((id) => server.shardOf(id), live, standing, events, size)
    const found = await timesOf(sql, live.schemas.periods, { log: page.log, size, ...stretch })
    const of = { where: 'postgres', record: 'periodTimes', part: live.shard, stream: allMerchants } as const
    for (const first of [...new Set([...wanted.keys(), ...found.keys()])].sort((one, other) => one - other)) {
      const [times, text] = [wanted.get(first), found.get(first)]
      if (times !== undefined && textOf(times) === text) continue
      const kind = text === undefined ? 'lost' : times === undefined ? 'ahead' : 'altered'
      differences.push({ ...of, kind, log: page.log, sequence: first, key: String(size) })
    }
  }
  return differences
}
