import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { addressOf, type Connection } from '../pools.ts'
import { type PostgresPlace, runningPostgres } from './postgres-place.ts'
import { startTestPostgres } from './test-postgres.ts'

/** An empty database of a test's own. Call `stop`, which leaves nothing of it. */
export type TestDatabase = {
  /** On the host that takes writes. */
  readonly connection: Connection
  /** The server's hosts, with the login to this database. */
  readonly place: PostgresPlace
  stop(): Promise<void>
}

const connectTimeoutMs = 10_000

const withClient = async <T>(connection: Connection, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ ...addressOf(connection), connectionTimeoutMillis: connectTimeoutMs })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Of a server's hosts the one that is no replica. */
const primaryOf = async ({ hosts, login }: PostgresPlace): Promise<Connection> => {
  for (const host of hosts) {
    const connection = { ...login, ...host }
    const question = 'select pg_is_in_recovery() as "isReplica"'
    const { rows } = await withClient(connection, (client) => client.query<{ isReplica: boolean }>(question))
    if (rows[0]?.isReplica === false) return connection
  }
  throw new Error('none of the hosts takes writes')
}

const makeDatabase = async ({ hosts, login }: PostgresPlace): Promise<TestDatabase> => {
  const primary = await primaryOf({ hosts, login })
  const database = `daybook_test_${randomBytes(8).toString('hex')}`
  await withClient(primary, (client) => client.query(`create database ${database}`))
  return {
    connection: { ...primary, database },
    place: { hosts, login: { ...login, database } },
    stop: async () => {
      await withClient(primary, (client) => client.query(`drop database ${database} with (force)`))
    },
  }
}

/** Makes a database on the server that runs (TEST_POSTGRES), or starts a server for it. */
export const openTestDatabase = async (): Promise<TestDatabase> => {
  const running = runningPostgres()
  if (running !== undefined) return makeDatabase(running)
  const { connection, stop } = await startTestPostgres()
  const { host, port, ...login } = connection
  return { connection, place: { hosts: [{ host, port }], login }, stop }
}
