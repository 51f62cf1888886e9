import type { Sql } from '../../projections/read-model-store.ts'
import type { LogEvent } from '../../projections/unread.ts'

type Row = { readonly log: number; readonly part: number; readonly sequence: bigint }

/**
 * Keeps a projection's cursors where they are until the transaction ends, and gives what it has applied of these events:
 * those that it has seen, up to where their stream was parked. Projectors lock the same rows in the same order.
 */
export const lockProjection = async (
  sql: Sql,
  schema: string,
  projection: string,
  events: readonly LogEvent[],
  partOf: (stream: string) => number,
): Promise<readonly LogEvent[]> => {
  const cursors = await sql.query<Row>(
    `select log, part, sequence from ${schema}.cursors where projection = $1 order by projection, log, part for update`,
    [projection],
  )
  const parked = await sql.query<{ stream: string; sequence: bigint }>(
    `select stream, sequence from ${schema}.parked_streams where projection = $1 and stream = any($2::text[])`,
    [projection, [...new Set(events.map(({ stream }) => stream))]],
  )
  const seenOf = (event: LogEvent): number => {
    const part = partOf(event.stream)
    const cursor = cursors.find((each) => each.log === event.log && each.part === part)
    const end = parked.find(({ stream }) => stream === event.stream)
    return Math.min(
      Number(cursor?.sequence ?? 0),
      end === undefined ? Number.MAX_SAFE_INTEGER : Number(end.sequence) - 1,
    )
  }
  return events.filter((event) => event.sequence <= seenOf(event))
}
