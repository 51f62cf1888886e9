import { execFile } from 'node:child_process'
import { readFile, readlink, realpath } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

/** Whether a process with this id is there at all. One that has ended but was not yet collected counts as gone. */
export const isAlive = async (pid: number): Promise<boolean> => {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  if (process.platform !== 'linux') return true
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z')
  return !/\) [ZX]/.test(status)
}

/** Whether a process is a PostgreSQL server of this data folder, and not another one that was given a dead one's id. */
export const serves = async (pid: number, folder: string): Promise<boolean> => {
  if (!(await isAlive(pid))) return false
  const real = await realpath(folder)
  if (process.platform === 'linux') return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === real
  const { stdout } = await promisify(execFile)('ps', ['-p', String(pid), '-o', 'command=']).catch(() => ({
    stdout: '',
  }))
  return stdout.includes('postgres') && (stdout.includes(real) || stdout.includes(folder))
}

/** Waits until a process has ended, at most so long; says whether it has. */
export const ended = async (pid: number, timeoutMs: number): Promise<boolean> => {
  const deadline = Date.now() + timeoutMs
  while (await isAlive(pid)) {
    if (Date.now() >= deadline) return false
    await wait(20)
  }
  return true
}

/** Ends a server: first so that it closes its files in order, then at once (it recovers when it starts again), then hard. */
export const stopServer = async (pid: number): Promise<void> => {
  for (const [signal, timeoutMs] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!(await isAlive(pid))) return
    process.kill(pid, signal)
    if (await ended(pid, timeoutMs)) return
  }
}
