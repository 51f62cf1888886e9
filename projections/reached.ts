import { type Position, positionAt } from '../domain/position.ts'
import { type Copy, schemaOfCopy } from './copies/copy.ts'
import { readCopies } from './copies/read-copies.ts'
import type { ReadModelServer } from './read-model-store.ts'

/** Up to where a shard shows everything: the projection that is furthest behind, in the part that is. */
export type ShardReached = { readonly schema: string; readonly position: Position }

/** The statement for a shard's live copies: those in its own schema, and those in schemas of their own. */
const select = (shard: string, copies: readonly Copy[]): string => {
  const elsewhere = copies.filter(({ live, number }) => live && number > 1)
  const own = elsewhere.map(({ projection }) => `and projection <> '${projection}'`).join(' ')
  const froms = [
    `select log, sequence from ${shard}.reached where true ${own}`,
    ...elsewhere.map(
      ({ projection, number }) =>
        `select log, sequence from ${schemaOfCopy(projection, shard, number)}.reached where projection = '${projection}'`,
    ),
  ]
  return `select '${shard}' as schema, log, min(sequence) as sequence from (${froms.join(' union all ')}) live group by log`
}

/** Where each shard of a server stands in what is read; none before there are cursors. */
export const reachedBy = (server: ReadModelServer): Promise<readonly ShardReached[]> =>
  server.transaction(async (sql) => {
    const copies = await readCopies(sql, server.shards, [])
    const rows = await sql.query<{ schema: string; log: number; sequence: bigint }>(
      server.shards
        .map((each) =>
          select(
            each,
            copies.filter(({ shard }) => shard === each),
          ),
        )
        .join(' union all '),
      [],
    )
    const shards = new Map<string, number[]>()
    for (const { schema, log, sequence } of rows) {
      const sequences = shards.get(schema) ?? []
      sequences[log] = Number(sequence)
      shards.set(schema, sequences)
    }
    return [...shards].map(([schema, sequences]) => ({
      schema,
      position: positionAt(Array.from(sequences, (sequence) => sequence ?? 0)),
    }))
  })
