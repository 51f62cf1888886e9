import { readdir, readFile } from 'node:fs/promises'
import type { ProcessUse } from './result.ts'
import { processTree } from './system.ts'

const mebibyte = 1024 * 1024
const ticksPerSecond = 100

/** One process at one moment, as /proc tells it. */
type Sight = {
  readonly name: string
  readonly cpuSeconds: number
  /** CPU of children that have ended and were waited for. */
  readonly childrenSeconds: number
  /** Its own memory; pages of files that it maps, such as the log's, are the kernel's to take back and don't count. */
  readonly ownBytes: number
  readonly sharedBytes: number
  readonly handles: number
}

/** The name of this process. */
export const loadGenerator = 'load generator'

/** What of a system's processes is what, by their command lines; those of one name are taken together. */
export const nameOf = (commandLine: string, isRoot: boolean): string => {
  if (isRoot) return 'main'
  const side = /daybook\.js run (\S+)/.exec(commandLine)
  if (side?.[1] !== undefined) return side[1]
  if (/^java .*kafka/.test(commandLine)) return 'Kafka'
  if (/redis-server/.test(commandLine)) return 'Redis'
  if (/eventstoredb\/test-server/.test(commandLine)) return 'event store'
  if (/postgres/.test(commandLine)) return 'PostgreSQL'
  if (/projections/.test(commandLine)) return 'projections'
  const worker = /\bworkers?\/main\.js (\d+)/.exec(commandLine)
  return worker ? `worker ${worker[1]}` : 'others'
}

const bytesOf = (status: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1_024

const sightOf = async (pid: number, name: string): Promise<Sight | undefined> => {
  try {
    const [stat, status, handles] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/status`, 'utf8'),
      readdir(`/proc/${pid}/fd`).catch(() => []),
    ])
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    return {
      name,
      cpuSeconds: ((fields[11] ?? 0) + (fields[12] ?? 0)) / ticksPerSecond,
      childrenSeconds: ((fields[13] ?? 0) + (fields[14] ?? 0)) / ticksPerSecond,
      ownBytes: bytesOf(status, 'RssAnon'),
      sharedBytes: bytesOf(status, 'RssShmem'),
      handles: handles.length,
    }
  } catch {
    // It has ended in the meantime.
    return undefined
  }
}

/** What processes of one name use. Memory as in `ProcessUse`. */
export type Family = { cpuSeconds: number; rssMiB: number; handles: number }

const add = (sights: readonly Sight[]): Map<string, Family> => {
  const families = new Map<string, Family>()
  for (const name of new Set(sights.map((sight) => sight.name))) {
    const members = sights.filter((sight) => sight.name === name)
    const own = members.reduce((sum, { ownBytes }) => sum + ownBytes, 0)
    const shared = Math.max(...members.map(({ sharedBytes }) => sharedBytes))
    // PostgreSQL's processes come and go, one for each connection; what they used is told by the one that began them.
    const ended = name === 'PostgreSQL' ? members.reduce((sum, { childrenSeconds }) => sum + childrenSeconds, 0) : 0
    families.set(name, {
      cpuSeconds: members.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, ended),
      rssMiB: (own + shared) / mebibyte,
      handles: members.reduce((sum, { handles }) => sum + handles, 0),
    })
  }
  return families
}

const commandLine = async (pid: number): Promise<string> =>
  (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ')

/** The processes of a system that are not to end while it runs: all but PostgreSQL's, which has one a connection. */
export const programsOf = async (root: number): Promise<number[]> => {
  const pids = await processTree(root).catch(() => [])
  const lines = await Promise.all(pids.map(commandLine))
  return pids.filter((pid, place) => nameOf(lines[place] ?? '', pid === root) !== 'PostgreSQL')
}

/** Those that are looked at one by one, by their numbers; engines are taken together. */
const alone = new Set(['relay', 'command-side', 'query-side'])

/** All processes below `root` and this one, by name. Empty where there is no /proc. */
export const lookAt = async (root: number | undefined): Promise<Map<string, Family>> => {
  const tree = root === undefined ? [] : await processTree(root).catch(() => [])
  // Where this process has started all others it is their root, and not their main one.
  const pids = tree.filter((pid) => pid !== process.pid).toSorted((one, other) => one - other)
  const names = await Promise.all(pids.map(async (pid) => nameOf(await commandLine(pid), pid === root)))
  const numbers = new Map<string, number>()
  const numbered = names.map((name) => {
    if (!alone.has(name)) return name
    numbers.set(name, (numbers.get(name) ?? 0) + 1)
    return `${name} ${numbers.get(name)}`
  })
  const sights = await Promise.all([
    sightOf(process.pid, loadGenerator),
    ...pids.map((pid, place) => sightOf(pid, numbered[place] ?? '')),
  ])
  return add(sights.filter((sight) => sight !== undefined))
}

/** Watches what processes use. */
export type ProcessWatch = {
  /** Counts from here. */
  begin(): Promise<void>
  /** Ends counting, and says what was used since `begin`. */
  end(transactions: () => number): Promise<readonly ProcessUse[]>
  /** What is used now, in MiB and handles. */
  now(): ReadonlyMap<string, Readonly<Family>>
  /** Gives up, if it has not ended. */
  stop(): void
}

// Looking at all of /proc takes tens of milliseconds, on the cores that are measured.
const everyMs = 5_000

/** `root`: the process that the system's others stand below; absent for a system that runs elsewhere. */
export const watchProcesses = (root: number | undefined): ProcessWatch => {
  let before = new Map<string, Family>()
  let last = before
  const most = new Map<string, { rssMiB: number; handles: number }>()
  const see = async (): Promise<void> => {
    last = await lookAt(root)
    for (const [name, { rssMiB, handles }] of last) {
      const { rssMiB: rss = 0, handles: open = 0 } = most.get(name) ?? {}
      most.set(name, { rssMiB: Math.max(rss, rssMiB), handles: Math.max(open, handles) })
    }
  }
  let timer: NodeJS.Timeout | undefined
  return {
    begin: async () => {
      most.clear()
      await see()
      before = last
      timer = setInterval(() => void see(), everyMs)
    },
    end: async (transactions) => {
      clearInterval(timer)
      await see()
      const count = Math.max(1, transactions())
      return [...last].map(([name, { cpuSeconds }]) => {
        const used = Math.max(0, cpuSeconds - (before.get(name)?.cpuSeconds ?? 0))
        const { rssMiB = 0, handles = 0 } = most.get(name) ?? {}
        return {
          name,
          cpuSeconds: used,
          usPerTransaction: (used * 1e6) / count,
          rssMaxMiB: rssMiB,
          handlesMax: handles,
        }
      })
    },
    now: () => last,
    stop: () => clearInterval(timer),
  }
}
