import pg from 'pg'
import { runningServer } from '../../infra/postgres/running-server.ts'
import { schemaOfCopy } from '../../projections/copies/copy.ts'

/** What a table has in all shards: how many rows, and a digest of all of them in the order of their text. */
export type Contents = { readonly table: string; readonly rows: number; readonly digest: string }

/** The contents of a projection's copy, read past Daybook while nothing changes it. */
export const contentsOf = async (
  data: string,
  projection: string,
  tables: readonly string[],
  number: number,
  shards: readonly string[],
): Promise<readonly Contents[]> => {
  const connection = await runningServer(data)
  if (connection === undefined) throw new Error('PostgreSQL does not run')
  const client = new pg.Client(connection)
  await client.connect()
  try {
    const contents: Contents[] = []
    for (const table of tables) {
      const all = shards
        .map(
          (shard) => `select row(each.*)::text as line from ${schemaOfCopy(projection, shard, number)}.${table} each`,
        )
        .join(' union all ')
      const { rows } = await client.query<{ rows: string; digest: string | null }>(
        `select count(*) as rows, md5(string_agg(digest, '' order by digest)) as digest
         from (select md5(line) as digest from (${all}) lines) digests`,
      )
      contents.push({ table, rows: Number(rows[0]?.rows ?? 0), digest: rows[0]?.digest ?? '' })
    }
    return contents
  } finally {
    await client.end()
  }
}
