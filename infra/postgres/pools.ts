import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import type { Sockets } from './sockets.ts'

/** Where a PostgreSQL server is and who we are there. */
export type Connection = {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  /** Encrypts, and trusts a server whose certificate names `host` and is signed by `ca` (PEM), else by what Node trusts. */
  readonly tls?: { readonly ca?: string }
}

export type PoolSettings = {
  /** How many connections at most. */
  readonly max: number
  /** How many are kept though nobody uses them; 0 where absent. */
  readonly min?: number
  /** How long to wait for a connection, a free one or a new one. */
  readonly connectionTimeoutMs: number
  /** How long an unused connection is kept. */
  readonly idleTimeoutMs: number
  /** After how long the server gives a statement up. The client waits a little longer, for a server that is silent. */
  readonly statementTimeoutMs: number
  /** Whether writes are refused. */
  readonly readOnly?: boolean
  /** Whether what is committed survives any crash, whatever the server does as a rule. */
  readonly durable?: boolean
  /** What to call ourselves in pg_stat_activity. */
  readonly name: string
}

const silentMs = 2_000

const int8 = 20
const date = 1082

/** int8 is a bigint, a date its own text (a Date would move it by the time zone); the rest as node-postgres has it. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (oid === int8 && format !== 'binary') return BigInt
    if (oid === date && format !== 'binary') return String
    return pg.types.getTypeParser(oid, format)
  },
}

/** How node-postgres is told where a server is. */
export const addressOf = ({ tls, ...connection }: Connection, sockets?: Sockets): pg.ClientConfig => ({
  ...connection,
  ...(tls === undefined ? {} : { ssl: { rejectUnauthorized: true, ...tls } }),
  ...(sockets === undefined ? {} : { stream: () => sockets.make() }),
})

/**
 * Connections to one host. `onLost` hears of connections that ended while nobody used them, for the log; a query on a
 * lost connection is rejected by itself.
 */
export const openPool = (
  connection: Connection,
  settings: PoolSettings,
  onLost: (error: Error) => void,
  sockets?: Sockets,
): pg.Pool => {
  const pool = new pg.Pool({
    ...addressOf(connection, sockets),
    types,
    max: settings.max,
    min: settings.min ?? 0,
    application_name: settings.name,
    connectionTimeoutMillis: settings.connectionTimeoutMs,
    idleTimeoutMillis: settings.idleTimeoutMs,
    statement_timeout: settings.statementTimeoutMs,
    query_timeout: settings.statementTimeoutMs + silentMs,
    idle_in_transaction_session_timeout: settings.statementTimeoutMs,
    ...(settings.readOnly ? { options: '-c default_transaction_read_only=on' } : {}),
    ...(settings.durable ? { options: '-c synchronous_commit=on' } : {}),
  })
  pool.on('error', onLost)
  // Without a listener the end of a connection in use would end this process; its query is rejected anyway.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** Ends all connections, at most within `timeoutMs`: a silent server would keep us for ever. */
export const closePool = async (pool: pg.Pool, timeoutMs = 5_000): Promise<void> => {
  const timeout = new AbortController()
  // What is closed is not lost: the server may end before the last connection has.
  pool.removeAllListeners('error').on('error', () => undefined)
  await Promise.race([
    pool.end(),
    wait(timeoutMs, undefined, { signal: timeout.signal, ref: false }).catch(() => undefined),
  ])
  timeout.abort()
}
