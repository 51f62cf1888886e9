import { periodOf, periodsUpTo, sumSizes, timeSizes } from '../domain/period.ts'
import { type Position, sequencesIn } from '../domain/position.ts'
import type { AsOf } from './as-of.ts'
import { anyOf, inPeriods } from './period-sql.ts'
import type { Past } from './reads.ts'
import type { Condition } from './where.ts'

/** Events of a log from sequence `from` to `upTo`, all recorded from `earliest` to `latest`. */
export type Stretch = {
  readonly log: number
  readonly from: number
  readonly upTo: number
  readonly earliest: Date
  readonly latest: Date
}

/** When what shards have up to a position was recorded. */
export type Recorded = {
  /** Nothing of it after this; undefined where there is nothing. */
  readonly latest: Date | undefined
  /** What it has after the last whole periods for which sums are kept, in logs where it has any. */
  readonly rests: readonly Stretch[]
}

type Row = { readonly log: number; readonly latest: Date | null } & {
  readonly [rest in 'rest_earliest' | 'rest_latest']: Date | null
}

/** In each log the finest period that `upTo` lies in counts as a whole: times are bounds, and may be wider. */
const select =
  (stretches: readonly Pick<Stretch, 'log' | 'from' | 'upTo'>[], stride: number) =>
  (schema: string): string => {
    const sizes = timeSizes(stride)
    const [finest = 1] = sizes
    return stretches
      .map(({ log, from, upTo }) => {
        const end = periodOf(upTo, finest) + finest
        const all = periodsUpTo(end - 1, sizes).whole
        const rest = [{ size: finest, from, before: end }]
        return `
          select ${log} as log,
            (select max(latest) from ${schema}.period_times where ${inPeriods(log, all)}) as latest,
            rest.earliest as rest_earliest, rest.latest as rest_latest
          from (
            select min(earliest) as earliest, max(latest) as latest
            from ${schema}.period_times where ${inPeriods(log, rest)}
          ) rest`
      })
      .join(' union all ')
  }

const bound = (times: readonly (Date | null)[], choose: (...times: number[]) => number): Date | undefined => {
  const known = times.flatMap((time) => (time === null ? [] : [time.getTime()]))
  return known.length === 0 ? undefined : new Date(choose(...known))
}

/** When what the shards have up to the position was recorded. Waits as `models.read` does. */
export const recordedUpTo = async (
  { models, stride }: Past,
  schemas: readonly string[],
  position: Position,
): Promise<Recorded> => {
  const stretches = sequencesIn(position).map((upTo, log) => ({
    log,
    from: periodsUpTo(upTo, sumSizes(stride)).rest,
    upTo,
  }))
  const { rows } = await models.read<Row>(
    { projection: 'periods', schemas, select: select(stretches, stride), where: { sql: 'true', values: [] } },
    position,
  )
  return {
    latest: bound(
      rows.map(({ latest }) => latest),
      Math.max,
    ),
    rests: stretches.flatMap((stretch) => {
      const those = rows.filter(({ log }) => log === stretch.log)
      const earliest = bound(
        those.map((row) => row.rest_earliest),
        Math.min,
      )
      const latest = bound(
        those.map((row) => row.rest_latest),
        Math.max,
      )
      return earliest === undefined || latest === undefined ? [] : [{ ...stretch, earliest, latest }]
    }),
  }
}

/** The condition that a row is of an event that a position had come to; none for the present. */
export const upTo = (asOf: AsOf | undefined): readonly Condition[] =>
  asOf === undefined
    ? []
    : [[anyOf(sequencesIn(asOf.position).map((last, log) => `(log = ${log} and sequence <= ${last})`))]]

/**
 * The same for rows of which the column says when their event was recorded. The first condition alone says enough to leave
 * what came later out, however much that is.
 */
export const recordedBefore = async (
  past: Past,
  schemas: readonly string[],
  asOf: AsOf | undefined,
  column: 'created_at' | 'recorded_at',
): Promise<readonly Condition[]> => {
  if (asOf === undefined) return []
  const { latest } = await recordedUpTo(past, schemas, asOf.position)
  return latest === undefined ? [['false']] : [[`${column} <= ?`, latest], ...upTo(asOf)]
}
