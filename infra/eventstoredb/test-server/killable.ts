import { type ChildProcess, spawn } from 'node:child_process'
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

const program = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  'dist',
  'infra',
  'eventstoredb',
  'test-server',
  'server-process.js',
)

/** Starts the built server (`npm run build`) with its events in `folder`. */
export const startKillable = async (folder: string): Promise<Killable> => {
  const port = await freePort(0)
  let child: ChildProcess | undefined
  const start = async (): Promise<void> => {
    child = spawn(process.execPath, [program, folder, String(port)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
    if (child.stdout !== null) await once(child.stdout, 'data')
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
