import { type Position, positionAt } from '../domain/position.ts'
import type { ReadModelServer } from './read-model-store.ts'

/** Up to where a shard shows everything: the projection that is furthest behind, in the part that is. */
export type ShardReached = { readonly schema: string; readonly position: Position }

/** Where each shard of a server stands; none before there are cursors. */
export const reachedBy = (server: ReadModelServer): Promise<readonly ShardReached[]> =>
  server.transaction(async (sql) => {
    const select = (schema: string): string =>
      `select '${schema}' as schema, log, min(sequence) as sequence from ${schema}.reached group by log`
    const rows = await sql.query<{ schema: string; log: number; sequence: bigint }>(
      server.shards.map(select).join(' union all '),
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
