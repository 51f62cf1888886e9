import { timeSizes } from '../../../domain/period.ts'
import { allMerchants, type Difference } from '../../difference.ts'
import { wrongOf } from '../../place.ts'
import { standingOf } from '../standing.ts'
import { misplacedTimes, wrongLargerTimes } from '../times/times-rows.ts'
import type { Walk } from './walk.ts'

/**
 * When the larger periods were, held against the finest ones, which pages of the log are; and rows of periods that there are
 * none of. From log and sequence `after` on, one of the largest at a time.
 */
export const timesWalk: Walk = async ({ deps: { logs, stride }, shard, read, wrong }, after) => {
  const [log = 0, from = 0] = after?.split(' ').map(Number) ?? []
  const sizes = timeSizes(stride)
  const before = from + (sizes.at(-1) ?? 1)
  const finest = { record: 'periodTimes', part: shard, key: String(sizes[0]) } as const
  return read(async (sql, live) => {
    const { periods } = live.schemas
    const rows = [
      ...(after === undefined ? await misplacedTimes(sql, periods, sizes, logs.length) : []),
      ...(wrong.has(wrongOf(finest)) ? [] : await wrongLargerTimes(sql, periods, { log, from, before }, sizes)),
    ]
    const of = { where: 'postgres', record: 'periodTimes', part: shard, stream: allMerchants } as const
    const differences: readonly Difference[] = rows.map((row) => ({
      ...of,
      kind: row.kind,
      log: row.log,
      sequence: Number(row.first),
      key: String(row.size),
    }))
    const { furthest } = await standingOf(sql, live, 'periods', log)
    if (before <= furthest) return { differences, next: `${log} ${before}` }
    return { differences, next: log + 1 < logs.length ? `${log + 1} 0` : undefined }
  })
}
