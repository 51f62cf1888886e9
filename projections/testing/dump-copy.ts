import { schemaOfCopy } from '../copies/copy.ts'
import type { Projection } from '../projection.ts'
import type { ReadModelServer } from '../read-model-store.ts'

/** All rows of a projection's copy in all shards of a server, as PostgreSQL writes them, in the order of their keys. */
export const dumpCopy = (
  server: ReadModelServer,
  { name, tables }: Pick<Projection, 'name' | 'tables'>,
  number: number,
): Promise<string> =>
  server.transaction(async (sql) => {
    let text = ''
    for (const shard of server.shards)
      for (const table of tables) {
        const rows = await sql.query<{ line: string }>(
          `select row(each.*)::text as line from ${schemaOfCopy(name, shard, number)}.${table} each order by 1`,
          [],
        )
        text += `${shard}.${table}\n${rows.map(({ line }) => `${line}\n`).join('')}`
      }
    return text
  })
