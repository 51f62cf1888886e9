import { periodOf, sumSizes } from '../../../domain/period.ts'
import type { Sql } from '../../../projections/read-model-store.ts'
import { everybody } from '../../../projections/periods/add-to-totals.ts'
import type { Difference } from '../../difference.ts'
import { wrongOf } from '../../place.ts'
import { areLevel } from '../level.ts'
import type { LiveShard } from '../live-schemas.ts'
import { standingOf } from '../standing.ts'
import { compareBooks } from '../sums/books.ts'
import { comparePeriods, type Stretch } from '../sums/periods.ts'
import { wrongEntries } from '../wrong-entries.ts'
import { nothingFound, type Site, type Walk } from './walk.ts'

/** So many of the smallest periods are summed for each piece. */
const piecePeriods = 4

const merchantsOf = (differences: readonly Difference[]): readonly string[] => [
  ...new Set(differences.map(({ stream }) => stream.slice(stream.indexOf('-') + 1))),
]

/**
 * What differs in a stretch; and where something does, in what is summed further of the same merchants. Where the journal
 * itself was changed since a page of the log was held against it, that is what differs.
 */
const compareStretch = async (
  sql: Sql,
  site: Site,
  live: LiveShard,
  stretch: Stretch,
  larger: readonly number[],
): Promise<readonly Difference[]> => {
  const found = await comparePeriods(sql, live, stretch, null)
  if (found.length === 0) return found
  const entries = await wrongEntries(sql, site, live, stretch)
  if (entries.length > 0) return entries
  const merchants = merchantsOf(found)
  const above: Difference[] = []
  for (const size of larger)
    for (let from = periodOf(stretch.from, size); from < stretch.before; from += size)
      above.push(...(await comparePeriods(sql, live, { ...stretch, size, from, before: from + size }, merchants)))
  return [
    ...found,
    ...above,
    ...(await compareBooks(
      sql,
      live,
      merchants.filter((id) => id !== everybody),
    )),
  ]
}

/** The sums of the smallest periods, held against the journal's rows; from log and sequence `after` on. */
export const periodsWalk: Walk = async (site, after) => {
  const {
    deps: { logs, stride },
    shard,
    read,
    wrong,
  } = site
  if (wrong.has(wrongOf({ record: 'journal', part: shard }))) return nothingFound
  const [log = 0, from = 0] = after?.split(' ').map(Number) ?? []
  const [size = 1, ...larger] = sumSizes(stride)
  const before = from + piecePeriods * size
  return read(async (sql, live) => {
    if (!(await areLevel(sql, live, 'journal', 'periods'))) return nothingFound
    const differences = await compareStretch(sql, site, live, { log, size, from, before }, larger)
    const { furthest } = await standingOf(sql, live, 'periods', log)
    if (before <= furthest) return { differences, next: `${log} ${before}` }
    return { differences, next: log + 1 < logs.length ? `${log + 1} 0` : undefined }
  })
}
