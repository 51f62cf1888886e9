import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from '../../postgres/free-port.ts'

const run = promisify(execFile)
const configuration = new URL('../nginx.conf', import.meta.url)
const firstThatFollowsNames = [1, 27, 3]

const isAtLeast = (version: readonly number[], least: readonly number[]): boolean => {
  const differs = least.findIndex((part, index) => part !== version[index])
  return differs === -1 || (version[differs] ?? 0) > (least[differs] ?? 0)
}

/** Whether the program is an nginx that can run our configuration, and what ends it with us is here too. */
export const isNginxHere = async (program: string): Promise<boolean> => {
  const found = await run('setpriv', [program, '-v']).catch(() => undefined)
  const version = /nginx\/(\d+)\.(\d+)\.(\d+)/.exec(found?.stderr ?? '')
  return version !== null && isAtLeast(version.slice(1).map(Number), firstThatFollowsNames)
}

/** A proxy of a test, with the configuration that users get. */
export type Nginx = {
  readonly url: string
  /** The lines of its log, each the JSON of a request that failed. */
  failures(): Promise<readonly string[]>
  stop(): Promise<void>
}

const replaced = (text: string, from: string | RegExp, to: string): string => {
  const next = text.replaceAll(from, to)
  if (next === text) throw new Error(`nginx.conf has no ${String(from)} any more`)
  return next
}

/** The configuration with nothing changed but the places: ports, the name server's address and the folder for files. */
const configurationFor = async (places: {
  readonly port: number
  readonly namesPort: number
  readonly instancePort: number
  readonly folder: string
}): Promise<string> => {
  let text = await readFile(configuration, 'utf8')
  text = replaced(text, 'listen 3000', `listen 127.0.0.1:${places.port}`)
  text = replaced(text, 'resolver 127.0.0.11 ', `resolver 127.0.0.1:${places.namesPort} `)
  text = replaced(text, ':3000 resolve', `:${places.instancePort} resolve`)
  text = replaced(text, '/tmp/', `${places.folder}/`)
  text = replaced(text, '/dev/stdout', `${places.folder}/failures`)
  return replaced(text, 'worker_processes auto', 'worker_processes 1')
}

/** Starts nginx in front of instances on `instancePort`, whose names the name server on `namesPort` knows. */
export const startNginx = async (program: string, namesPort: number, instancePort: number): Promise<Nginx> => {
  const folder = await mkdtemp(join(tmpdir(), 'daybook-nginx-'))
  await chmod(folder, 0o755)
  const port = await freePort(0)
  const file = join(folder, 'nginx.conf')
  await writeFile(file, await configurationFor({ port, namesPort, instancePort, folder }))
  await run(program, ['-t', '-p', folder, '-e', 'stderr', '-c', file])
  const args = ['-p', folder, '-e', 'stderr', '-c', file, '-g', 'daemon off;']
  // A test that is killed leaves none behind: the master ends its workers when it is told to end.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', program, ...args], { stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; ; tries++) {
    const status = await fetch(`${url}/health`).then(
      (response) => response.status,
      () => 0,
    )
    if (status === 200) break
    if (tries > 300) throw new Error(`nginx answered ${status} for half a minute`)
    await sleep(100)
  }
  return {
    url,
    failures: async () => (await readFile(join(folder, 'failures'), 'utf8')).trim().split('\n'),
    async stop() {
      const ended = once(child, 'exit')
      if (child.exitCode === null && child.kill('SIGTERM')) await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
