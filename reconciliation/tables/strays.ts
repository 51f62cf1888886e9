import { merchantStream } from '../../domain/event.ts'
import type { ReadModelServer } from '../../projections/read-model-store.ts'
import { merchantOf } from '../../projections/unread.ts'
import type { Difference } from '../difference.ts'
import type { Piece } from '../place.ts'
import { wrongBalances } from './balances.ts'
import { stateKinds } from './compare-states.ts'
import { journalRowsAhead } from './journal-rows.ts'
import { liveShards } from './live-schemas.ts'
import { type Claim, claims } from './state-rows.ts'
import type { TablesDeps } from './tables-place.ts'

/** So many rows are looked up in the log for each piece. */
const pieceRows = 1_000
const atOnce = 16

const firstId = '00000000-0000-0000-0000-000000000000'

/** Where a walk through all rows is: `server table shard id`, the first three by their index. */
type Place = { readonly server: number; readonly kind: number; readonly shard: number; readonly id: string }

const placeIn = (text: string | undefined): Place => {
  const [server = '0', kind = '0', shard = '0', id = firstId] = text?.split(' ') ?? []
  return { server: Number(server), kind: Number(kind), shard: Number(shard), id }
}
const textOfPlace = ({ server, kind, shard, id }: Place): string => `${server} ${kind} ${shard} ${id}`

/** Journal rows of no event that the projection has seen; these need no walk. */
const aheadInJournal = async (
  server: ReadModelServer,
  shardIndex: number,
  logs: number,
): Promise<readonly Difference[]> =>
  server.transaction(async (sql) => {
    const live = (await liveShards(sql, server))[shardIndex]
    if (live === undefined) return []
    const found: Difference[] = []
    for (let log = 0; log < logs; log++)
      for (const { stream, sequence } of await journalRowsAhead(sql, live.schemas.journal, log, pieceRows))
        found.push({ where: 'postgres', kind: 'ahead', record: 'journal', part: live.shard, stream, log, sequence })
    return found
  })

/** Merchants whose balances are not the sums of what moved them. */
const inBalances = (server: ReadModelServer, shardIndex: number, stride: number): Promise<readonly Difference[]> =>
  server.transaction(async (sql) => {
    await sql.query('set transaction isolation level repeatable read, read only')
    const live = (await liveShards(sql, server))[shardIndex]
    if (live === undefined) return []
    const of = {
      where: 'postgres',
      kind: 'altered',
      record: 'balances',
      part: live.shard,
      log: 0,
      sequence: 0,
    } as const
    return (await wrongBalances(sql, live, stride)).map((id) => ({ ...of, stream: merchantStream(id) }))
  })

/**
 * The rows themselves, piece by piece: of payments and payouts that no stream tells of, or that are in another merchant's
 * shard; the journal's beyond all that was seen; and balances, which are of no single event.
 */
export const straysIn = async (
  { servers, streams, logs, stride }: TablesDeps,
  after: string | undefined,
): Promise<Piece> => {
  const place = placeIn(after)
  const server = servers[place.server]
  const kind = stateKinds[place.kind]
  if (server === undefined || kind === undefined) return { differences: [], next: undefined }
  const shard = server.shards[place.shard] ?? ''
  const rows = await server.transaction(async (sql) => {
    const live = (await liveShards(sql, server))[place.shard]
    return live === undefined ? [] : claims(sql, kind.table, live.schemas[kind.table], place.id, pieceRows)
  })
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
  const last = rows.at(-1)
  if (place.kind === 0 && place.id === firstId)
    differences.push(
      ...(await aheadInJournal(server, place.shard, logs)),
      ...(await inBalances(server, place.shard, stride)),
    )
  return { differences, next: nextAfter(place, servers, rows.length < pieceRows ? undefined : last?.id) }
}

/** The place after a piece: further on in the shard, or at the beginning of the next one, table or server. */
const nextAfter = (
  { server, kind, shard }: Place,
  servers: readonly ReadModelServer[],
  id: string | undefined,
): string | undefined => {
  if (id !== undefined) return textOfPlace({ server, kind, shard, id })
  if (shard + 1 < (servers[server]?.shards.length ?? 0))
    return textOfPlace({ server, kind, shard: shard + 1, id: firstId })
  if (kind + 1 < stateKinds.length) return textOfPlace({ server, kind: kind + 1, shard: 0, id: firstId })
  if (server + 1 < servers.length) return textOfPlace({ server: server + 1, kind: 0, shard: 0, id: firstId })
  return undefined
}
