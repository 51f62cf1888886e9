import type { Difference } from '../../difference.ts'
import { merchantOf } from '../../../projections/unread.ts'
import type { StateKind } from '../compare-states.ts'
import { type Claim, claims } from '../state-rows.ts'
import type { Walk } from './walk.ts'

/** So many rows are looked up in the log for each piece. */
const pieceRows = 1_000
const atOnce = 16

const firstId = '00000000-0000-0000-0000-000000000000'

/** Rows of payments or payouts that no stream tells of, or that are in another merchant's shard. */
export const stateRowsWalk =
  (kind: StateKind): Walk =>
  async ({ deps: { streams }, server, shard, read }, after) => {
    const rows = await read((sql, live) =>
      claims(sql, kind.table, live.schemas[kind.table], after ?? firstId, pieceRows),
    )
    const differences: Difference[] = []
    const judge = async ({ id, revision, log, sequence }: Claim): Promise<void> => {
      const stream = `${kind.prefix}${kind.record === 'payment' ? 'pay' : 'po'}_${id}`
      // Its last event mostly; where there is none of this revision, what the row says of itself is wrong.
      const [event] = await streams.streamFrom(stream, revision)
      const [known] = event === undefined ? await streams.streamFrom(stream, 0) : [event]
      if (known !== undefined && server.shardOf(merchantOf(known) ?? '') === shard) return
      const of = { where: 'postgres', kind: 'ahead', record: kind.record, part: shard } as const
      differences.push({ ...of, stream, log, sequence: Number(sequence) })
    }
    for (let first = 0; first < rows.length; first += atOnce)
      await Promise.all(rows.slice(first, first + atOnce).map(judge))
    return { differences, next: rows.length < pieceRows ? undefined : rows.at(-1)?.id }
  }
