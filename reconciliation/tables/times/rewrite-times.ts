import type { Period } from '../../../domain/period.ts'
import { noteTimes } from '../../../projections/periods/note-times.ts'
import type { ReadModelServer, Sql } from '../../../projections/read-model-store.ts'
import { isRead } from '../../../projections/unread.ts'
import { readPage } from '../../read-page.ts'
import type { LiveShard } from '../live-schemas.ts'
import { lockProjection } from '../lock-projection.ts'
import { startBefore } from '../start-before.ts'
import type { TablesDeps } from '../tables-place.ts'

/** Makes the rows of the periods that begin at one sequence again from the log; `sizes` are all that there are. */
export const rewriteTimes = async (
  sql: Sql,
  { logs, partOf }: TablesDeps,
  server: ReadModelServer,
  { shard, schemas: { journal, periods } }: LiveShard,
  { log, first }: Pick<Period, 'log' | 'first'>,
  sizes: readonly number[],
): Promise<void> => {
  await lockProjection(sql, periods, 'periods', [], partOf)
  await sql.query(`delete from ${periods}.period_times where log = $1 and first = $2`, [log, first])
  const reader = logs[log]
  const here = sizes.filter((size) => first % size === 0)
  const before = first + (here.at(-1) ?? 0)
  if (reader === undefined || here.length === 0) return
  for (let after = await startBefore(sql, journal, { log, size: sizes[0] ?? 1, first }), more = true; more; ) {
    const page = await readPage(reader, log, after, before - 1)
    const own = page.events.filter(
      (event) => isRead(event) && server.shardOf(event.metadata.merchantId) === shard && event.sequence >= first,
    )
    const applied = (await lockProjection(sql, periods, 'periods', own, partOf)).filter(isRead)
    for (const size of here)
      await noteTimes(
        sql,
        periods,
        applied.filter(({ sequence }) => sequence < first + size),
        [size],
      )
    more = page.upTo < before - 1 && page.events.length > 0
    after = page.upTo
  }
}
