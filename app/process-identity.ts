import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const fromProc = (pid: number): string | undefined => {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, startTicks] = [fields[0], fields[19]]
    return state === 'Z' || state === 'X' ? undefined : `${boot}/${startTicks}`
  } catch {
    return undefined
  }
}

const fromPs = (pid: number): string | undefined => {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env: { LC_ALL: 'C' } }).trim()
  } catch {
    return undefined
  }
}

const fromSignal = (pid: number): string | undefined => {
  try {
    process.kill(pid, 0)
    return 'running'
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? 'running' : undefined
  }
}

/**
 * What tells a running process from a later one with the same pid, as finely as the platform says: when it was started.
 * Undefined for a process that does not run, or that has ended and only waits to be reaped.
 */
export const identityOf = (pid: number): string | undefined => {
  if (process.platform === 'linux') return fromProc(pid)
  return process.platform === 'win32' ? fromSignal(pid) : fromPs(pid)
}
