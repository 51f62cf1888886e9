import { type ChildProcess, execFile, spawn } from 'node:child_process'
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
  readonly processes: readonly ChildProcess[]
  stop(): Promise<void>
}

const run = promisify(execFile)

/** Whether `redis-server`, and what ends it with us, is on this machine at all. */
export const isRedisHere = await run('setpriv', ['redis-server', '--version']).then(
  () => true,
  () => false,
)

// The bus of a cluster is ten thousand above the port.
const highestPort = 55_000

const lowPort = async (): Promise<number> => {
  for (;;) {
    const port = await freePort(0)
    if (port < highestPort) return port
  }
}

const cli = async (port: number, ...args: readonly string[]): Promise<string> =>
  (await run('redis-cli', ['-h', '127.0.0.1', '-p', String(port), ...args])).stdout

const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; !(await isSo().catch(() => false)); tries++) {
    if (tries > 300) throw new Error(`${what} did not come to be within half a minute`)
    await sleep(100)
  }
}

const startOne = async (folder: string, port: number, more: readonly string[]): Promise<ChildProcess> => {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...more]
  // A test that is killed leaves none behind.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'redis-server', ...args], { stdio: 'ignore' })
  await until(`a Redis on port ${port}`, async () => (await cli(port, 'ping')).startsWith('PONG'))
  return child
}

const stopAll = async (processes: readonly ChildProcess[], folder: string): Promise<void> => {
  for (const child of processes) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  await rm(folder, { recursive: true, force: true })
}

/** One server. */
export const startRedis = async (): Promise<RedisServers> => {
  const folder = await mkdtemp(join(tmpdir(), 'daybook-redis-'))
  const port = await lowPort()
  const processes = [await startOne(folder, port, [])]
  return {
    settings: { nodes: [{ host: '127.0.0.1', port }], cluster: false },
    processes,
    stop: () => stopAll(processes, folder),
  }
}

/** A cluster of six: three masters with a replica each. Resolves when all know of all. */
export const startRedisCluster = async (): Promise<RedisServers> => {
  const folder = await mkdtemp(join(tmpdir(), 'daybook-redis-'))
  const ports: number[] = []
  while (ports.length < 6) ports.push(await lowPort())
  const options = {
    'cluster-enabled': 'yes',
    'cluster-node-timeout': '1000',
    'cluster-require-full-coverage': 'no',
    'cluster-replica-validity-factor': '0',
    'repl-diskless-sync-delay': '0',
    appendonly: 'yes',
  }
  const of = (port: number): string[] =>
    Object.entries({ ...options, 'cluster-config-file': `nodes-${port}.conf`, appenddirname: `aof-${port}` }).flatMap(
      ([name, value]) => [`--${name}`, value],
    )
  const processes = await Promise.all(ports.map((port) => startOne(folder, port, of(port))))
  const addresses = ports.map((port) => `127.0.0.1:${port}`)
  await run('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-replicas', '1', '--cluster-yes'])
  for (const port of ports) {
    await until('a whole cluster', async () => (await cli(port, 'cluster', 'info')).includes('cluster_state:ok'))
    await until('three replicas', async () => (await cli(port, 'cluster', 'nodes')).split('slave').length === 4)
  }
  return {
    settings: { nodes: ports.map((port) => ({ host: '127.0.0.1', port })), cluster: true },
    processes,
    stop: () => stopAll(processes, folder),
  }
}
