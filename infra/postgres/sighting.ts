import pg from 'pg'
import { addressOf, type Connection } from './pools.ts'
import { createSockets } from './sockets.ts'

/** What a host was when it was last looked at. `lsn` is how much of the write-ahead log it has flushed or applied. */
export type Sighting =
  | { readonly role: 'primary'; readonly timeline: number; readonly lsn: bigint }
  | {
      readonly role: 'replica'
      /** Absent where it is connected to no primary, or does not say to which. */
      readonly timeline?: number
      readonly lsn: bigint
      readonly connected: boolean
    }
  | { readonly role: 'lost'; readonly reason: string }

// Each promotion begins a timeline; a primary's is in the name of the file that it writes.
const question = `
  select
    in_recovery as "isReplica",
    (case when in_recovery then coalesce(pg_last_wal_replay_lsn(), '0/0') else pg_current_wal_flush_lsn() end
      - '0/0'::pg_lsn)::text as lsn,
    case when in_recovery then (select lpad(to_hex(received_tli), 8, '0') from pg_stat_wal_receiver)
      else left(pg_walfile_name(pg_current_wal_flush_lsn()), 8) end as timeline,
    exists (select from pg_stat_wal_receiver) as connected
  from (select pg_is_in_recovery() as in_recovery) host`

type Answer = {
  readonly isReplica: boolean
  readonly lsn: string
  readonly timeline: string | null
  readonly connected: boolean
}

const sightingOf = ({ isReplica, lsn, timeline, connected }: Answer): Sighting => {
  const known = timeline === null ? {} : { timeline: Number.parseInt(timeline, 16) }
  if (isReplica) return { role: 'replica', lsn: BigInt(lsn), connected, ...known }
  return { role: 'primary', lsn: BigInt(lsn), timeline: 0, ...known }
}

/** Looks at one host, over a connection of its own: full pools are no sign of a lost host. */
export type Lookout = { look(): Promise<Sighting>; close(): void }

/** A host that says nothing for `timeoutMs` is lost. */
export const openLookout = (connection: Connection, timeoutMs: number): Lookout => {
  const sockets = createSockets()
  let client: pg.Client | undefined

  const connect = async (): Promise<pg.Client> => {
    const made = new pg.Client({
      ...addressOf(connection, sockets),
      application_name: 'daybook lookout',
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
    })
    client = made
    made.on('error', () => undefined)
    await made.connect()
    return made
  }
  // A silent host would not take leave.
  const drop = (): void => {
    client = undefined
    sockets.endAll('the host is left')
  }

  return {
    look: async () => {
      try {
        const { rows } = await (client ?? (await connect())).query<Answer>(question)
        if (rows[0] === undefined) throw new Error('no answer')
        return sightingOf(rows[0])
      } catch (error) {
        drop()
        return { role: 'lost', reason: error instanceof Error ? error.message : String(error) }
      }
    },
    close: drop,
  }
}
