import { readFile, readdir } from 'node:fs/promises'

const statOf = (pid: number): Promise<string> => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')

const fieldsOf = (stat: string): readonly string[] => stat.slice(stat.lastIndexOf(')') + 2).split(' ')

/** All processes below `root`, itself included, by their parents in /proc. */
export const processTree = async (root: number): Promise<readonly number[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const parents = new Map<number, number>()
  for (const pid of pids) parents.set(pid, Number(fieldsOf(await statOf(pid))[1]))
  const below = (pid: number): number[] => [pid, ...pids.filter((each) => parents.get(each) === pid).flatMap(below)]
  return below(root)
}

/** Which of these run; one that has ended and waits to be reaped does not. */
export const running = async (pids: readonly number[]): Promise<readonly number[]> => {
  const states = await Promise.all(pids.map(async (pid) => ({ pid, state: fieldsOf(await statOf(pid))[0] })))
  return states.filter(({ state }) => state !== undefined && state !== '' && state !== 'Z').map(({ pid }) => pid)
}

/** SIGKILL to all of these, the youngest first. */
export const killAll = (pids: readonly number[]): void => {
  for (const pid of pids.toReversed()) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself in the meantime.
    }
  }
}
