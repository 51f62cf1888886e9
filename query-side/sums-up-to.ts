import { periodsUpTo, sumSizes } from '../domain/period.ts'
import { type Position, sequencesIn } from '../domain/position.ts'
import { anyOf, inPeriods } from './period-sql.ts'
import type { Past } from './reads.ts'
import { type Recorded, recordedUpTo, type Stretch } from './recorded.ts'
import { type Condition, where } from './where.ts'

type Select = (schema: string, condition: string) => string

/** Sums with the same columns: over whole periods, and over the journal's lines. */
export type Sums = {
  readonly ofPeriods: Select
  readonly ofLines: Select
  /** What of the periods and of the lines is wanted. */
  readonly periods: readonly Condition[]
  readonly lines: readonly Condition[]
}

/** The first two conditions alone say enough to leave whole partitions out. */
const inRests = (rests: readonly Stretch[]): readonly Condition[] => [
  ['recorded_at >= ?', new Date(Math.min(...rests.map(({ earliest }) => earliest.getTime())))],
  ['recorded_at <= ?', new Date(Math.max(...rests.map(({ latest }) => latest.getTime())))],
  [anyOf(rests.map(({ log, from, upTo }) => `(log = ${log} and sequence >= ${from} and sequence <= ${upTo})`))],
]

/**
 * The sums of all that shards have up to a position, as rows that are still to be added up: from a bounded number of whole
 * periods, and from the journal for what comes after them. Waits as `models.read` does.
 */
export const sumsUpTo = async <Row>(
  { stride, history, models: all }: Past,
  schemas: readonly string[],
  position: Position,
  { ofPeriods, ofLines, periods, lines }: Sums,
): Promise<readonly Row[]> => {
  const models = await all.asOfNow()
  const past: Past = { stride, history, models }
  const sizes = sumSizes(stride)
  const whole = sequencesIn(position).map((upTo, log) => inPeriods(log, periodsUpTo(upTo, sizes).whole))
  const after = async ({ rests }: Recorded): Promise<readonly Row[]> => {
    if (rests.length === 0) return []
    const condition = where(...lines, ...inRests(rests))
    const found = await models.read<Row>(
      { projection: 'journal', schemas, select: ofLines, where: condition },
      position,
    )
    return found.rows
  }
  const [summed, rest] = await Promise.all([
    models.read<Row>(
      { projection: 'periods', schemas, select: ofPeriods, where: where(...periods, [anyOf(whole)]) },
      position,
    ),
    recordedUpTo(past, schemas, position).then(after),
  ])
  return [...summed.rows, ...rest]
}
