import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** The built command line. */
export const programPath = import.meta.filename.endsWith('.ts')
  ? join(import.meta.dirname, '..', '..', 'dist', 'app', 'daybook.js')
  : join(import.meta.dirname, '..', 'daybook.js')

export type Settings = Readonly<Record<string, string>>
/** As whom it runs; as whoever runs the tests when absent. */
export type User = { readonly uid: number; readonly gid: number }

/** A run of the program, and what it has said so far. */
export type Run = {
  readonly child: ChildProcess
  readonly pid: number
  stdout(): string
  stderr(): string
  /** Resolves to the exit code, null after a signal. */
  readonly ended: Promise<number | null>
}

export const run = (args: readonly string[], settings: Settings, user?: User): Run => {
  const child = spawn(process.execPath, [programPath, ...args], {
    cwd: '/',
    env: { LOG_LEVEL: 'warn', PORT: '0', METRICS_PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  return {
    child,
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    ended: once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null)),
  }
}

/** Runs a command to its end; throws with what it said when it fails. */
export const runToEnd = async (args: readonly string[], settings: Settings): Promise<string> => {
  const program = run(args, settings)
  const code = await program.ended
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${program.stderr()}`)
  return program.stdout().trim()
}
