import { once } from 'node:events'
import type { ChildProcess } from 'node:child_process'
import { open, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { yieldToOthers } from '../yield-to-others.ts'
import { findBinaries } from './binaries.ts'
import { type DataFolder, makeDataFolder, openDataFolder, user } from './data-folder.ts'
import { explain } from './explain.ts'
import { freePort } from './free-port.ts'
import { findLaunch, type Launch } from './launch.ts'
import type { Connection } from './pools.ts'
import { PostgresError } from './postgres-error.ts'
import { isAlive, serves, stopServer } from './processes.ts'
import { serverArguments, type ServerOptions } from './settings.ts'

/** A running PostgreSQL that belongs to this process. */
export type PostgresServer = {
  readonly connection: Connection
  readonly pid: number
  /** Resolves when it answers queries; rejects with a `PostgresError` when it ends before. Until then it refuses them. */
  readonly ready: Promise<void>
  /** Resolves when the server has ended without being asked to, with the reason. */
  readonly died: Promise<PostgresError>
  /** Ends it, in at most some 25 seconds; can be called again. */
  stop(): Promise<void>
}

/** After kill -9 a server may have to replay two gigabytes of its own log. */
const startTimeoutMs = 300_000
/**
 * Processes of a killed server notice within moments that it has gone; until then its memory is in use. The server
 * itself keeps its process id until somebody has collected it, and PostgreSQL cannot tell that from one that runs.
 */
const leftoversTimeoutMs = 20_000

/** Stops a server that outlived the process it belonged to. */
const takeOver = async ({ cluster }: DataFolder): Promise<void> => {
  const file = join(cluster, 'postmaster.pid')
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0])
  if (!Number.isSafeInteger(pid) || pid <= 0 || !(await isAlive(pid))) return
  if (await serves(pid, cluster)) return stopServer(pid)
  // PostgreSQL would take whoever has this process id now for itself and refuse to start.
  await rm(file, { force: true })
}

/** How a server is started. */
type Start = {
  readonly launch: Launch
  readonly postgres: string
  readonly folder: DataFolder
  readonly options: ServerOptions
}

/** What the server says of itself: `starting` while it recovers, then `ready`; nothing before it listens. */
const statusOf = async (cluster: string, pid: number): Promise<string | undefined> => {
  const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  return lines[0] === String(pid) ? lines[7]?.trim() : undefined
}

/** Waits until a server has one of these statuses, at most so long; says whether it has before it ended. */
const comesTo = async (child: ChildProcess, cluster: string, wanted: readonly string[]): Promise<boolean> => {
  const deadline = Date.now() + startTimeoutMs
  while (child.exitCode === null && child.signalCode === null) {
    const status = child.pid === undefined ? undefined : await statusOf(cluster, child.pid)
    if (status !== undefined && wanted.includes(status)) return true
    if (Date.now() > deadline) child.kill('SIGKILL')
    await wait(10)
  }
  return false
}

const run = async ({ launch, postgres, folder, options }: Start, port: number): Promise<ChildProcess> => {
  const output = await open(folder.log, 'w', 0o600)
  try {
    const child = launch.run(postgres, serverArguments(folder.cluster, port, options), output.fd)
    await once(child, 'spawn')
    return child
  } finally {
    await output.close()
  }
}

/** The server once it listens, or what it said before it ended. */
const attempt = async (start: Start, port: number): Promise<ChildProcess | string> => {
  const { folder } = start
  const child = await run(start, port)
  return (await comesTo(child, folder.cluster, ['starting', 'ready'])) ? child : readFile(folder.log, 'utf8')
}

const persist = async (start: Start, wantedPort: number): Promise<{ child: ChildProcess; port: number }> => {
  const deadline = Date.now() + leftoversTimeoutMs
  for (;;) {
    const port = await freePort(wantedPort)
    const result = await attempt(start, port)
    if (typeof result !== 'string') return { child: result, port }
    const stolen = /Address already in use/.test(result) && wantedPort === 0
    const leftovers = /pre-existing shared memory block|"postmaster.pid" already exists/.test(result)
    if (!(stolen || leftovers) || Date.now() > deadline)
      throw new PostgresError(explain('PostgreSQL does not start', result))
    await wait(200)
  }
}

const reasonOf = async ({ exitCode, signalCode }: ChildProcess, folder: DataFolder): Promise<PostgresError> => {
  const log = await readFile(folder.log, 'utf8').catch(String)
  const panic = log.split('\n').filter((line) => / PANIC: |No space left on device/.test(line))
  return new PostgresError(explain('PostgreSQL has died', panic.join('\n'), `ended with ${signalCode ?? exitCode}`))
}

/**
 * Starts PostgreSQL on `<data>/postgres`, made on the first start, listening on 127.0.0.1 alone; port 0 for a free one.
 * A server that an earlier process left behind on the same folder is stopped first. Resolves when it listens: after a
 * crash it may have to recover before it is ready. Throws `PostgresError`.
 */
export const beginPostgres = async (data: string, port = 0, options: ServerOptions = {}): Promise<PostgresServer> => {
  const binaries = await findBinaries()
  const path = resolve(data)
  await makeDataFolder(path)
  const launch = await findLaunch([join(path, 'postgres'), binaries.postgres])
  const folder = await openDataFolder(path, binaries, launch)
  await takeOver(folder)
  const running = await persist({ launch, postgres: binaries.postgres, folder, options }, port)
  const { child } = running
  const pid = child.pid ?? 0
  yieldToOthers(pid)
  let stopping = false
  const becomeReady = async (): Promise<void> => {
    if (!(await comesTo(child, folder.cluster, ['ready']))) throw await reasonOf(child, folder)
  }
  const ready = becomeReady()
  // Whoever waits for it hears of it; nobody has to.
  ready.catch(() => undefined)
  const died = once(child, 'exit').then(() =>
    stopping ? new Promise<never>(() => undefined) : reasonOf(child, folder),
  )
  return {
    connection: { host: '127.0.0.1', port: running.port, user, password: folder.password, database: 'postgres' },
    pid,
    ready,
    died,
    stop: () => {
      stopping = true
      return stopServer(pid)
    },
  }
}

/** The same, once it is ready. */
export const startPostgres = async (data: string, port = 0, options: ServerOptions = {}): Promise<PostgresServer> => {
  const server = await beginPostgres(data, port, options)
  await server.ready
  return server
}
