import { schemaOfCopy } from '../../projections/copies/copy.ts'
import { readCopies } from '../../projections/copies/read-copies.ts'
import type { ReadModelServer, Sql } from '../../projections/read-model-store.ts'

/** The projections whose rows are compared. */
export const compared = ['journal', 'payments', 'payouts', 'periods'] as const
export type Compared = (typeof compared)[number]

/** Where a shard's rows are that are read now, by projection. */
export type LiveShard = { readonly shard: string; readonly schemas: Readonly<Record<Compared, string>> }

/** The shards of a server, as of the transaction. */
export const liveShards = async (
  sql: Sql,
  { shards }: Pick<ReadModelServer, 'shards'>,
): Promise<readonly LiveShard[]> => {
  const copies = (await readCopies(sql, shards, compared)).filter(({ live }) => live)
  const schemaOf = (projection: Compared, shard: string): string => {
    const copy = copies.find((each) => each.projection === projection && each.shard === shard)
    return schemaOfCopy(projection, shard, copy?.number ?? 1)
  }
  return shards.map((shard) => ({
    shard,
    schemas: {
      journal: schemaOf('journal', shard),
      payments: schemaOf('payments', shard),
      payouts: schemaOf('payouts', shard),
      periods: schemaOf('periods', shard),
    },
  }))
}
