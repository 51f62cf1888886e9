import { readdir, readFile } from 'node:fs/promises'

/** Every process of a server: a signal to the first alone leaves the others at work. Linux. */
export const serverProcesses = async (pid: number): Promise<readonly number[]> => {
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const stats = await Promise.all(
    all.map(async (each) => [Number(each), await readFile(`/proc/${each}/stat`, 'utf8').catch(() => '')] as const),
  )
  const children = stats.filter(([, stat]) => Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2]) === pid)
  return [pid, ...children.map(([child]) => child)]
}

/** Sends a signal to all of them that are still there. */
export const signalServer = async (pid: number, signal: NodeJS.Signals): Promise<void> => {
  for (const each of await serverProcesses(pid))
    try {
      process.kill(each, signal)
    } catch {
      // It has ended meanwhile.
    }
}
