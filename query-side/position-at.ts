import { periodOf, timeSizes } from '../domain/period.ts'
import { type Position, positionAt, sequenceIn, sequencesIn } from '../domain/position.ts'
import { notYetProjected } from './await-position.ts'
import type { History } from './history.ts'
import type { Past } from './reads.ts'

type Found = { readonly log: number; readonly first: bigint | null }

/** In each log the first of the finest periods that has an event of the shard recorded after $1; downwards from the largest. */
const firstAfter =
  (logs: number, sizes: readonly number[]) =>
  (schema: string): string => {
    const [largest, ...smaller] = sizes.toReversed()
    const times = `select min(first) as first from ${schema}.period_times where log = logs.log and latest > $1`
    const within = smaller.map((size, index) => {
      const parent = sizes[sizes.length - 1 - index]
      return `cross join lateral (
        ${times} and size = ${size} and first >= level_${index}.first and first < level_${index}.first + ${parent}
      ) level_${index + 1}`
    })
    return `
      select logs.log, level_${smaller.length}.first
      from generate_series(0, ${logs - 1}) as logs (log)
      cross join lateral (${times} and size = ${largest}) level_0
      ${within.join(' ')}`
  }

/** In each log the shard's last event before the period that begins at the sequence of the same place. */
const lastBefore =
  (firsts: readonly number[], finest: number) =>
  (schema: string): string =>
    firsts
      .map(
        (first, log) => `
        select ${log} as log, (
          select last from ${schema}.period_times
          where log = ${log} and size = ${finest} and first < ${first} order by first desc limit 1
        ) as last`,
      )
      .join(' union all ')

const batch = 256
/** More than the projections are behind at any time but after a standstill. */
const mostReread = 16_000

/** The last sequence of a log after `from` before the first event recorded after the instant; undefined where that is far. */
const lastUpTo = async (
  history: Pick<History, 'readLog'>,
  log: number,
  from: number,
  instant: string,
): Promise<number | undefined> => {
  let last = from
  for (let read = 0; read < mostReread; read += batch) {
    const events = await history.readLog(log, last, batch)
    for (const { recordedAt, sequence } of events) {
      if (recordedAt !== undefined && recordedAt > instant) return last
      last = sequence
    }
    if (events.length < batch) return last
  }
  return undefined
}

/**
 * The position up to which everything was recorded at the instant or before: in each log, what stands before its first event
 * that was recorded later. Writers' clocks differ, so some of what comes after may have been recorded before the instant
 * as well; but the answer stays what it is once the log has an event that is later. Found by the times of whole periods and
 * by rereading part of one; 503 `notYetProjected` where the projections are far behind.
 */
export const positionAtInstant =
  ({ models, history, stride }: Past) =>
  async (moment: Date): Promise<Position> => {
    const sizes = timeSizes(stride)
    const [finest = 1] = sizes
    const logs = sequencesIn(await history.head()).length
    const schemas = models.shards.all
    const seen = await models.read<Found>({
      projection: 'periods',
      schemas,
      select: firstAfter(logs, sizes),
      where: { sql: 'true', values: [moment] },
    })
    // Of what the projections have not seen the periods say nothing.
    const firsts = Array.from({ length: logs }, (_, log) =>
      Math.min(
        periodOf(sequenceIn(seen.position, log), finest),
        ...seen.rows.flatMap((row) => (row.log === log && row.first !== null ? [Number(row.first)] : [])),
      ),
    )
    const before = await models.read<{ readonly log: number; readonly last: bigint | null }>({
      projection: 'periods',
      schemas,
      select: lastBefore(firsts, finest),
      where: { sql: 'true', values: [] },
    })
    const ends = await Promise.all(
      firsts.map((_, log) => {
        const lasts = before.rows.map((row) => (row.log === log && row.last !== null ? Number(row.last) : 0))
        return lastUpTo(history, log, Math.max(0, ...lasts), moment.toISOString())
      }),
    )
    return positionAt(
      ends.map((end) => {
        if (end === undefined) throw notYetProjected(seen.position)
        return end
      }),
    )
  }
