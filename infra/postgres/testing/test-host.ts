import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Connection } from '../pools.ts'
import { ended } from '../processes.ts'
import { startPostgres } from '../server.ts'
import { cloneData } from './clone-data.ts'
import { serverProcesses, signalServer } from './server-processes.ts'
import { emptyData } from './test-postgres.ts'

/** A primary or a replica of a test, on a port that it keeps. Linux. */
export type TestHost = {
  readonly data: string
  readonly connection: Connection
  /** Ends all its processes at once. */
  kill(): Promise<void>
  /** Starts it again on the same folder and port, as what it was. */
  start(): Promise<void>
  /** Lets all its processes stand still, and go on. */
  freeze(): Promise<void>
  thaw(): Promise<void>
  /** Makes a primary of a replica. */
  promote(): Promise<void>
  /** Begins again, with nothing of what it had, as a replica of another one. */
  follow(primary: TestHost): Promise<void>
  /** Runs a statement over a connection of its own. */
  query(text: string): Promise<readonly Record<string, unknown>[]>
  /** Ends it and removes what it wrote. */
  remove(): Promise<void>
}

const options = {
  wal_level: 'replica',
  max_wal_senders: '5',
  wal_keep_size: '256MB',
  // A replica asks its primary that often whether it is back; by default every five seconds.
  wal_retrieve_retry_interval: '200ms',
  shared_buffers: '32MB',
}

const endTimeoutMs = 20_000

const startHost = async (data: string): Promise<TestHost> => {
  let server = await startPostgres(data, 0, options)
  const { connection } = server
  let running = true
  let frozen: readonly number[] = []

  const query = async (text: string): Promise<readonly Record<string, unknown>[]> => {
    const client = new pg.Client(connection)
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(text)).rows
    } finally {
      await client.end()
    }
  }
  const kill = async (): Promise<void> => {
    if (!running) return
    running = false
    const all = await serverProcesses(server.pid)
    await signalServer(server.pid, 'SIGKILL')
    for (const pid of all) if (!(await ended(pid, endTimeoutMs))) throw new Error(`process ${pid} did not end`)
  }

  const start = async (): Promise<void> => {
    server = await startPostgres(data, connection.port, options)
    running = true
  }

  return {
    data,
    connection,
    kill,
    start,
    freeze: async () => {
      frozen = await serverProcesses(server.pid)
      for (const pid of frozen) process.kill(pid, 'SIGSTOP')
    },
    thaw: async () => {
      for (const pid of frozen) process.kill(pid, 'SIGCONT')
      frozen = []
    },
    promote: async () => {
      for (let tries = 0; ; tries++) {
        try {
          await query('select pg_promote(true, 60)')
          return
        } catch (error) {
          // What it still has to replay may get in the way of any statement.
          if (!String(error).includes('conflict with recovery') || tries > 100) throw error
        }
        if ((await query('select pg_is_in_recovery() as standby'))[0]?.['standby'] === false) return
      }
    },
    follow: async (primary) => {
      await kill()
      await rm(data, { recursive: true, force: true })
      await cloneData(primary, data)
      await start()
    },
    query,
    remove: async () => {
      await kill()
      await rm(data, { recursive: true, force: true })
    },
  }
}

/** Starts a primary with nothing in it that can have replicas. */
export const startPrimary = async (): Promise<TestHost> => startHost(await emptyData())

/** Starts a replica that streams from a primary. */
export const startReplica = async (primary: TestHost): Promise<TestHost> => {
  const data = await mkdtemp(join(tmpdir(), 'daybook-postgres-'))
  await cloneData(primary, data)
  return startHost(data)
}
