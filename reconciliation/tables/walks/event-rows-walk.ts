import type { Difference } from '../../difference.ts'
import { rowsAhead } from '../event-rows.ts'
import { eventTables } from '../event-tables.ts'
import type { Walk } from './walk.ts'

const most = 1_000

/** Rows of no event that the projection has seen; these need no walk. */
export const eventRowsWalk: Walk = async ({ deps, shard, read }) => {
  const differences = await read(async (sql, { schemas: { journal } }) => {
    const found: Difference[] = []
    for (const table of eventTables)
      for (const { stream, log, sequence } of await rowsAhead(sql, table, journal, deps.logs.length, most))
        found.push({ where: 'postgres', kind: 'ahead', record: table.record, part: shard, stream, log, sequence })
    return found
  })
  return { differences, next: undefined }
}
