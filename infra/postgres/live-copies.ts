import { indexOfShard, schemaOfCopy } from '../../projections/copies/copy.ts'
import { isMissing } from './passing.ts'
import type { ShardServer } from './shard-server.ts'

/** Which copy of each projection is read, of all shards at one moment. */
export type Live = { schemaOf(projection: string, shard: string): string }

/** Knows which copies are live: as of a moment ago, the same for all servers. */
export type LiveCopies = {
  /** What is known; asks the servers the first time. Rejects where none of them has ever answered. */
  now(): Promise<Live>
  /** Asks the servers. */
  refresh(): Promise<Live>
  close(): void
}

type Row = { readonly projection: string; readonly change: number; readonly numbers: readonly number[] }

const statement = {
  text: 'select projection, change, numbers from daybook.live_copies',
  values: [],
  name: 'live copies',
}

/** After a switch readers go on with the old copy so long at most; it is followed all the while. */
const refreshMs = 1_000

const rowsOf = (server: ShardServer): Promise<readonly Row[]> =>
  server.read<Row>(statement, { newest: true }).catch((error: unknown) => {
    // Nothing was ever rebuilt there.
    if (isMissing(error)) return []
    throw error
  })

/**
 * The rows of several servers are as good as one: a switch is made with the first of them, and the highest change is right
 * for all shards. So no answer is of one copy here and another there, however servers are asked.
 */
export const liveCopies = (servers: readonly ShardServer[]): LiveCopies => {
  let known: ReadonlyMap<string, Row> | undefined
  let loading: Promise<Live> | undefined
  let timer: NodeJS.Timeout | undefined

  const live = (rows: ReadonlyMap<string, Row>): Live => ({
    schemaOf: (projection, shard) =>
      schemaOfCopy(projection, shard, rows.get(projection)?.numbers[indexOfShard(shard)] ?? 1),
  })
  const load = async (): Promise<Live> => {
    const answers = await Promise.allSettled(servers.map(rowsOf))
    const rows = new Map(known)
    for (const answer of answers) {
      if (answer.status === 'rejected') continue
      for (const row of answer.value)
        if (row.change >= (rows.get(row.projection)?.change ?? 0)) rows.set(row.projection, row)
    }
    const [first] = answers
    if (known === undefined && first?.status === 'rejected' && answers.every(({ status }) => status === 'rejected'))
      throw first.reason
    known = rows
    timer ??= setInterval(() => void refresh().catch(() => undefined), refreshMs).unref()
    return live(rows)
  }
  const refresh = (): Promise<Live> => {
    loading ??= load().finally(() => {
      loading = undefined
    })
    return loading
  }
  return {
    now: async () => (known === undefined ? refresh() : live(known)),
    refresh,
    close: () => clearInterval(timer),
  }
}
