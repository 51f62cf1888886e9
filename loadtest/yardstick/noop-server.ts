import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** The no-op server in a process of its own, as Daybook is. */
export type NoopServer = { readonly url: string; readonly pid: number; stop(): Promise<void> }

/** Starts it on a free port; it ends with this process. Throws when it ends before it listens. */
export const startNoop = async (): Promise<NoopServer> => {
  const child = fork(join(import.meta.dirname, 'noop.js'), [], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    execArgv: ['--max-semi-space-size=64'],
  })
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout?.once('data', (line: Buffer) => resolve(Number(line.toString())))
    child.once('exit', (code) => reject(new Error(`the no-op server ended with ${code}`)))
  })
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    async stop() {
      if (child.exitCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}
