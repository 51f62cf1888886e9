import type { RecordKind } from '../../domain/repair/difference.ts'
import type { ReadModelServer, Sql } from '../../projections/read-model-store.ts'
import type { StreamReader } from '../../projections/stream-reader.ts'
import { streamsOf } from '../../projections/streams.ts'
import { type LogEvent, merchantOf } from '../../projections/unread.ts'
import { uuidOf } from '../../projections/uuid.ts'
import type { Difference } from '../difference.ts'
import { digestOf } from '../digest.ts'
import type { Page } from '../page.ts'
import type { Comparison } from '../place.ts'
import { Behind } from './behind.ts'
import { paymentRowAt, payoutRowAt } from './fold-to.ts'
import { judgeState, type Told } from './judge-state.ts'
import type { LiveShard } from './live-schemas.ts'
import { standingOf } from './standing.ts'
import { paymentHash, payoutHash } from './state-hash.ts'
import { type StateRow, type StateTable, stateRows } from './state-rows.ts'

/** A kind of row that there is one of for each stream of a kind. */
export type StateKind = {
  readonly table: StateTable
  readonly record: RecordKind
  readonly prefix: string
  readonly hashAt: Told['hashAt']
}

export const stateKinds: readonly StateKind[] = [
  {
    table: 'payments',
    record: 'payment',
    prefix: 'payment-',
    hashAt: (events, revision) => {
      const row = paymentRowAt(events, revision)
      return row === undefined ? undefined : paymentHash(row)
    },
  },
  {
    table: 'payouts',
    record: 'payout',
    prefix: 'payout-',
    hashAt: (events, revision) => {
      const row = payoutRowAt(events, revision)
      return row === undefined ? undefined : payoutHash(row)
    },
  },
]

type Question = {
  readonly shard: string
  readonly kind: StateKind
  readonly stream: string
  readonly rows: readonly StateRow[]
  readonly here: readonly LogEvent[]
  readonly parkedAt: number | undefined
}

const byId = (rows: readonly StateRow[]): ReadonlyMap<string, readonly StateRow[]> => {
  const groups = new Map<string, StateRow[]>()
  for (const row of rows) groups.set(row.id, [...(groups.get(row.id) ?? []), row])
  return groups
}

/** The streams of a kind that a page has events of, by shard. */
const streamsByShard = (
  { shardOf }: Pick<ReadModelServer, 'shardOf'>,
  { prefix }: StateKind,
  { events }: Page,
): ReadonlyMap<string, ReadonlyMap<string, readonly LogEvent[]>> => {
  const shards = new Map<string, Map<string, readonly LogEvent[]>>()
  for (const [id, those] of streamsOf(prefix, events)) {
    const merchantId = merchantOf(those[0] as LogEvent)
    if (merchantId === undefined) continue
    const shard = shardOf(merchantId)
    const known = shards.get(shard) ?? new Map<string, readonly LogEvent[]>()
    shards.set(shard, known.set(id, those))
  }
  return shards
}

/** So many streams are read from the log at once. */
const atOnce = 16

/**
 * Reads the rows of all streams that a page has events of, within a snapshot; what is returned judges them by the log,
 * when the snapshot is over. Throws `Behind` where a shard has not come so far.
 */
export const compareStates = async (
  sql: Sql,
  server: ReadModelServer,
  shards: readonly LiveShard[],
  page: Page,
): Promise<(streams: StreamReader) => Promise<Comparison>> => {
  const questions: Question[] = []
  for (const kind of stateKinds) {
    const touched = streamsByShard(server, kind, page)
    for (const live of shards) {
      const streams = touched.get(live.shard)
      if (streams === undefined) continue
      const { seen, parked } = await standingOf(sql, live, kind.table, page.log)
      if (seen < page.upTo) throw new Behind(`${kind.table} of ${live.shard}`, seen, page.upTo)
      const rows = byId(await stateRows(sql, kind.table, live.schemas[kind.table], [...streams.keys()].map(uuidOf)))
      for (const [id, here] of streams) {
        const stream = `${kind.prefix}${id}`
        const of = { shard: live.shard, kind, stream, here, parkedAt: parked.get(stream) }
        questions.push({ ...of, rows: rows.get(uuidOf(id)) ?? [] })
      }
    }
  }
  return (streams) => judgeAll(questions, streams, page)
}

const add = (hashes: Map<string, bigint[]>, shard: string, more: readonly bigint[]): void => {
  const known = hashes.get(shard)
  if (known === undefined) hashes.set(shard, [...more])
  else known.push(...more)
}

const judgeAll = async (questions: readonly Question[], streams: StreamReader, page: Page): Promise<Comparison> => {
  const expected = new Map<string, bigint[]>()
  const found = new Map<string, bigint[]>()
  const differences: Difference[] = []
  for (let first = 0; first < questions.length; first += atOnce)
    await Promise.all(
      questions.slice(first, first + atOnce).map(async ({ shard, kind, stream, rows, here, parkedAt }) => {
        const whole = () => streams.streamFrom(stream, 0)
        const verdict = await judgeState({ rows, here, parkedAt, whole, hashAt: kind.hashAt })
        add(expected, shard, verdict.expected)
        add(found, shard, verdict.found)
        if (verdict.kind === undefined) return
        const { sequence, revision } = here.at(-1) ?? { sequence: page.upTo, revision: 0 }
        const of = { where: 'postgres', record: kind.record, part: shard } as const
        differences.push({ ...of, kind: verdict.kind, stream, log: page.log, sequence, revision })
      }),
    )
  const parts = [...expected.keys()].map((part) => ({
    part: `${part} rows`,
    expected: digestOf(expected.get(part) ?? []),
    found: digestOf(found.get(part) ?? []),
  }))
  return { parts, differences }
}
