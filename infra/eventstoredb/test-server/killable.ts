import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { freePort } from '../../postgres/free-port.ts'

/** The test server in a process that can be killed or stopped for a while, on one port and one folder. */
export type Killable = {
  readonly connectionString: string
  /** SIGKILL; resolves when it has ended. */
  kill(): Promise<void>
  /** Starts it again; resolves when it listens. */
  start(): Promise<void>
  /** SIGSTOP: it is there and says nothing. */
  pause(): void
  resume(): void
}

const here = import.meta.dirname
const built = import.meta.filename.endsWith('.ts')
  ? join(here, '..', '..', '..', 'dist', 'infra', 'eventstoredb', 'test-server')
  : here
const program = join(built, 'server-process.js')

/** Ends the server with us, also when it is stopped at that time; where there is no setpriv it ends by itself. */
const withUs =
  spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true'], { stdio: 'ignore' }).status === 0
    ? ['setpriv', '--pdeathsig', 'KILL']
    : []

/** Starts the built server (`npm run build`) with its events in `folder`. */
export const startKillable = async (folder: string): Promise<Killable> => {
  const port = await freePort(0)
  let child: ChildProcess | undefined
  const start = async (): Promise<void> => {
    const [command, ...args] = [...withUs, process.execPath, program, folder, String(port)]
    const started = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
    child = started
    const listens = started.stdout === null ? Promise.resolve() : once(started.stdout, 'data')
    const ended = once(started, 'exit').then(([code]) => Promise.reject(new Error(`the test server ended: ${code}`)))
    ended.catch(() => undefined)
    await Promise.race([listens, ended])
  }
  await start()
  return {
    connectionString: `esdb://127.0.0.1:${port}?tls=false`,
    start,
    kill: async () => {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
  }
}
