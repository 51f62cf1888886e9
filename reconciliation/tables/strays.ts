import { idOf } from '../difference.ts'
import type { Piece, Wrong } from '../place.ts'
import { stateKinds } from './compare-states.ts'
import { inSnapshot } from './snapshot.ts'
import type { TablesDeps } from './tables-place.ts'
import { eventRowsWalk } from './walks/event-rows-walk.ts'
import { merchantsWalk } from './walks/merchants-walk.ts'
import { openPayoutsWalk } from './walks/open-payouts-walk.ts'
import { periodsWalk } from './walks/periods-walk.ts'
import { stateRowsWalk } from './walks/state-rows-walk.ts'
import { timesWalk } from './walks/times-walk.ts'
import type { Walk } from './walks/walk.ts'

/** What is made from other rows comes after them. */
const walks: readonly Walk[] = [
  ...stateKinds.map(stateRowsWalk),
  eventRowsWalk,
  openPayoutsWalk,
  periodsWalk,
  merchantsWalk,
  timesWalk,
]

/** Where a walk through all rows is: `server walk shard after`, the first three by their index. */
type At = { readonly server: number; readonly walk: number; readonly shard: number; readonly after?: string }

const placeIn = (text: string | undefined): At => {
  const [server = '0', walk = '0', shard = '0', ...after] = text?.split(' ') ?? []
  const at = { server: Number(server), walk: Number(walk), shard: Number(shard) }
  return after.length === 0 ? at : { ...at, after: after.join(' ') }
}
const textOfPlace = ({ server, walk, shard, after }: At): string =>
  [server, walk, shard, ...(after === undefined ? [] : [after])].join(' ')

/** The rows themselves, a piece of one shard at a time. */
export const straysIn = async (deps: TablesDeps, after: string | undefined, wrong: Wrong): Promise<Piece> => {
  const at = placeIn(after)
  const server = deps.servers[at.server]
  const walk = walks[at.walk]
  const shard = server?.shards[at.shard]
  if (server === undefined || walk === undefined || shard === undefined) return { differences: [], next: undefined }
  const piece = await walk(
    {
      deps,
      server,
      shard,
      wrong,
      read: (work) =>
        inSnapshot(server, async (sql, shards) => {
          const live = shards[at.shard]
          if (live === undefined) throw new RangeError(`the server has no shard ${at.shard}`)
          return work(sql, live)
        }),
    },
    at.after,
  )
  const differences = [...new Map(piece.differences.map((each) => [idOf(each), each])).values()]
  return {
    differences,
    next: piece.next === undefined ? afterShard(at, deps) : textOfPlace({ ...at, after: piece.next }),
  }
}

/** The place after a shard: at the beginning of the next one, of the next walk or server. */
const afterShard = ({ server, walk, shard }: At, { servers }: TablesDeps): string | undefined => {
  if (shard + 1 < (servers[server]?.shards.length ?? 0)) return textOfPlace({ server, walk, shard: shard + 1 })
  if (walk + 1 < walks.length) return textOfPlace({ server, walk: walk + 1, shard: 0 })
  if (server + 1 < servers.length) return textOfPlace({ server: server + 1, walk: 0, shard: 0 })
  return undefined
}
