import type { Period } from '../../domain/period.ts'
import type { Sql } from '../../projections/read-model-store.ts'

/** An event is looked for so many periods before. */
const periodsBack = 32

/**
 * The sequence of an event before a period to read the log from, since not every log is read from any sequence; 0 where the
 * journal has none near.
 */
export const startBefore = async (sql: Sql, journal: string, { log, size, first }: Period): Promise<number> => {
  const [row] = await sql.query<{ sequence: bigint | null }>(
    `select max(sequence) as sequence from ${journal}.journal where log = $1 and sequence < $2 and sequence >= $3`,
    [log, first, first - periodsBack * size],
  )
  return Number(row?.sequence ?? 0)
}
