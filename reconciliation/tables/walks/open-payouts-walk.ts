import { payoutStream } from '../../../domain/event.ts'
import type { Difference } from '../../difference.ts'
import { wrongOf } from '../../place.ts'
import { areLevel } from '../level.ts'
import { lastOfNext, wrongOpenPayouts } from '../open-payouts.ts'
import { nothingFound, type Walk } from './walk.ts'

/** So many payouts are looked at for each piece. */
const piecePayouts = 2_000

const firstId = '00000000-0000-0000-0000-000000000000'

/** Whether those payouts wait that should, by the journal and the payouts' rows; from the one with the id `after` on. */
export const openPayoutsWalk: Walk = async ({ shard, read, wrong }, after = firstId) => {
  if ((['journal', 'payout'] as const).some((record) => wrong.has(wrongOf({ record, part: shard }))))
    return nothingFound
  return read(async (sql, live) => {
    if (!(await areLevel(sql, live, 'journal', 'payouts', 'merchant-'))) return nothingFound
    const last = await lastOfNext(sql, live, after, piecePayouts)
    if (last === undefined) return nothingFound
    const of = { where: 'postgres', record: 'openPayout', part: shard, log: 0, sequence: 0 } as const
    const differences: readonly Difference[] = (await wrongOpenPayouts(sql, live, after, last)).map(({ id, kind }) => ({
      ...of,
      kind,
      stream: payoutStream(`po_${id}`),
    }))
    return { differences, next: last }
  })
}
