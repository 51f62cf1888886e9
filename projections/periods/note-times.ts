import type { RecordedEvent } from '../../domain/event.ts'
import type { Period } from '../../domain/period.ts'
import { numberArray } from '../number-array.ts'
import type { Sql } from '../read-model-store.ts'
import { byPeriod, inAllSizes, merged, type PeriodEvents } from './by-period.ts'

/** When a period's events were recorded (ISO 8601, UTC), and the sequence of the last. */
type Row = Period & { readonly earliest: string; readonly latest: string; readonly last: number }

const keyOf = ({ log, size, first }: Row): string => `${log}\t${size}\t${first}`

const together = (one: Row, other: Row): Row => ({
  ...one,
  earliest: one.earliest < other.earliest ? one.earliest : other.earliest,
  latest: one.latest > other.latest ? one.latest : other.latest,
  last: Math.max(one.last, other.last),
})

const rowOf = ({ log, size, first, events }: PeriodEvents): Row => {
  let [earliest, latest, last] = [events[0]?.recordedAt ?? '', '', 0]
  for (const { recordedAt, sequence } of events) {
    if (recordedAt < earliest) earliest = recordedAt
    if (recordedAt > latest) latest = recordedAt
    if (sequence > last) last = sequence
  }
  return { log, size, first, earliest, latest, last }
}

/** Notes when the events of each period were recorded. */
export const noteTimes = async (
  sql: Sql,
  schema: string,
  events: readonly RecordedEvent[],
  sizes: readonly number[],
): Promise<void> => {
  const rows = merged(inAllSizes(byPeriod(events, sizes[0] ?? 1).map(rowOf), sizes), keyOf, together)
  if (rows.length === 0) return
  await sql.query(
    `insert into ${schema}.period_times as period (log, size, first, earliest, latest, last)
     select * from unnest(
       $1::smallint[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::bigint[]
     )
     on conflict (log, size, first) do update set
       earliest = least(period.earliest, excluded.earliest), latest = greatest(period.latest, excluded.latest),
       last = greatest(period.last, excluded.last)`,
    [
      numberArray(rows.map(({ log }) => log)),
      numberArray(rows.map(({ size }) => size)),
      numberArray(rows.map(({ first }) => first)),
      rows.map(({ earliest }) => earliest),
      rows.map(({ latest }) => latest),
      numberArray(rows.map(({ last }) => last)),
    ],
  )
}
