import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from '../../postgres/free-port.ts'
import type { RedisSettings } from '../connection.ts'

/** Real Redis servers of a test, on 127.0.0.1 and in a temporary folder. */
export type RedisServers = {
  readonly settings: RedisSettings
  readonly each: readonly RedisNode[]
  stop(): Promise<void>
}

/** One server, to be killed or stopped for a while. */
export type RedisNode = {
  isMaster(): Promise<boolean>
  signal(name: NodeJS.Signals): void
  /** SIGKILL; resolves when it has ended. */
  kill(): Promise<void>
  /** Starts it again on its data; resolves when it answers. */
  restart(): Promise<void>
}

const run = promisify(execFile)

/** Whether `redis-server`, and what ends it with us, is on this machine at all. */
export const isRedisHere = await run('setpriv', ['redis-server', '--version']).then(
  () => true,
  () => false,
)

const busAbove = 10_000

/** Whether a port is free, and that of a cluster's bus. */
const isFree = (port: number): Promise<boolean> =>
  Promise.all([freePort(port), freePort(port + busAbove)]).then(
    () => true,
    () => false,
  )

type Draw = (from: number, below: number) => number

/**
 * So many ports that are free, as are those of a cluster's bus; all below those that connections are given by the system,
 * and none twice. `draw` gives some number from the first up to, but not including, the second.
 */
export const lowPorts = async (count: number, draw: Draw = randomInt): Promise<readonly number[]> => {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = draw(11_000, 11_000 + busAbove)
    if (!ports.has(port) && (await isFree(port))) ports.add(port)
  }
  return [...ports]
}

/** One of them. */
export const lowPort = async (): Promise<number> => (await lowPorts(1))[0] ?? 0

const cli = async (port: number, ...args: readonly string[]): Promise<string> =>
  (await run('redis-cli', ['-h', '127.0.0.1', '-p', String(port), ...args])).stdout

const until = async (what: string, isSo: () => Promise<boolean>, isVain = () => false): Promise<void> => {
  for (let tries = 0; !(await isSo().catch(() => false)); tries++) {
    if (isVain()) throw new Error(`${what} has ended`)
    if (tries > 300) throw new Error(`${what} did not come to be within half a minute`)
    await sleep(100)
  }
}

const demandRedis = (): void => {
  if (!isRedisHere) throw new Error('redis-server or setpriv is not on this machine: install them, Debian has both')
}

const startNode = async (folder: string, port: number, more: readonly string[]): Promise<RedisNode> => {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...more]
  const start = async (): Promise<ChildProcess> => {
    // A test that is killed leaves none behind.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'redis-server', ...args], { stdio: 'ignore' })
    try {
      await until(
        `a Redis on port ${port}`,
        async () => (await cli(port, 'ping')).startsWith('PONG'),
        () => child.exitCode !== null,
      )
      return child
    } catch (error) {
      child.kill('SIGKILL')
      throw error
    }
  }
  let child = await start()
  return {
    isMaster: async () => (await cli(port, 'role')).startsWith('master'),
    signal: (name) => void child.kill(name),
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
    restart: async () => {
      child = await start()
    },
  }
}

/** What comes of the beginning; where it fails nothing is left of it. */
const begun = async (
  folder: string,
  begin: (started: RedisNode[]) => Promise<RedisSettings>,
): Promise<RedisServers> => {
  const each: RedisNode[] = []
  try {
    const settings = await begin(each)
    return { settings, each, stop: () => stopAll(each, folder) }
  } catch (error) {
    await stopAll(each, folder)
    throw error
  }
}

const stopAll = async (each: readonly RedisNode[], folder: string): Promise<void> => {
  await Promise.all(each.map((node) => node.kill()))
  await rm(folder, { recursive: true, force: true })
}

/** One server, with more options if need be; it has to answer `ping` without a password. */
export const startRedis = async (more: readonly string[] = []): Promise<RedisServers> => {
  demandRedis()
  const folder = await mkdtemp(join(tmpdir(), 'daybook-redis-'))
  return begun(folder, async (each) => {
    const port = await lowPort()
    each.push(await startNode(folder, port, more))
    return { nodes: [{ host: '127.0.0.1', port }], cluster: false }
  })
}

const clusterOptions = {
  'cluster-enabled': 'yes',
  'cluster-node-timeout': '1000',
  'cluster-require-full-coverage': 'no',
  'cluster-replica-validity-factor': '0',
  'repl-diskless-sync-delay': '0',
  appendonly: 'yes',
}

const inCluster = (port: number): string[] =>
  Object.entries({
    ...clusterOptions,
    'cluster-config-file': `nodes-${port}.conf`,
    appenddirname: `aof-${port}`,
  }).flatMap(([name, value]) => [`--${name}`, value])

/** A cluster of six: three masters with a replica each. Resolves when all know of all; where that fails nothing is left. */
export const startRedisCluster = async (): Promise<RedisServers> => {
  demandRedis()
  const folder = await mkdtemp(join(tmpdir(), 'daybook-redis-'))
  return begun(folder, async (each) => {
    const ports = await lowPorts(6)
    const starting = ports.map(async (port) => each.push(await startNode(folder, port, inCluster(port))))
    // All of them, so that those which have started are known when another has not.
    const failed = (await Promise.allSettled(starting)).find((one) => one.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    const addresses = ports.map((port) => `127.0.0.1:${port}`)
    await run('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-replicas', '1', '--cluster-yes'])
    for (const port of ports) {
      await until('a whole cluster', async () => (await cli(port, 'cluster', 'info')).includes('cluster_state:ok'))
      await until('three replicas', async () => (await cli(port, 'cluster', 'nodes')).split('slave').length === 4)
    }
    return { nodes: ports.map((port) => ({ host: '127.0.0.1', port })), cluster: true }
  })
}
