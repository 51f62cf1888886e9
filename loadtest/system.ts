import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const program = join(import.meta.dirname, '..', 'app', 'daybook.js')

/** A port that was free a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

/** All processes below `root`, itself included, by their parents in /proc. */
export const processTree = async (root: number): Promise<number[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const children = new Map<number, number[]>()
  for (const pid of pids) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)]
  return below(root)
}

/** A Daybook of the embedded profile, started as a user would start it. */
export type System = {
  readonly url: string
  readonly pid: number
  /** SIGKILL to every process of it at once. */
  killAll(): Promise<void>
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode)
    else child.once('exit', (code) => resolve(code))
  })

/** Starts a system on `data`, on a free port if none is set, and waits until it is ready; throws with its output if it ends before. */
export const startSystem = async (
  data: string,
  settings: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<System> => {
  const port = Number(settings['PORT'] ?? (await freePort()))
  const child = spawn(process.execPath, ['--max-semi-space-size=64', program, 'start'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment, PORT: String(port), METRICS_PORT: '0', DAYBOOK_DATA: data, LOG_LEVEL: 'warn', ...settings },
  })
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-8_000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const pid = child.pid ?? 0
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; ; tries++) {
    if (child.exitCode !== null || tries > 1_200) throw new Error(`the system did not start:\n${output}`)
    const ready = await fetch(`${url}/ready`).then(
      (response) => response.ok,
      () => false,
    )
    if (ready) break
    await sleep(50)
  }
  return {
    url,
    pid,
    async killAll() {
      for (const each of (await processTree(pid)).reverse()) {
        try {
          process.kill(each, 'SIGKILL')
        } catch {
          // It ended by itself in the meantime.
        }
      }
      await ended(child)
    },
    async stop() {
      child.kill('SIGTERM')
      return ended(child)
    },
  }
}

/** Issues a key through the command line, as an operator would; the system need not run. */
export const createKey = async (data: string, role: string, merchant?: string): Promise<string> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, 'keys', 'create', '--role', role, ...(merchant === undefined ? [] : ['--merchant', merchant])],
    { env: { DAYBOOK_DATA: data, LOG_LEVEL: 'silent' } },
  )
  return stdout.trim()
}
