import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const program = join(import.meta.dirname, '..', '..', 'app', 'daybook.js')
const lookEveryMs = 100

/** What a run of `daybook rebuild` came to. */
export type RebuildRun = {
  /** Null after it was killed. */
  readonly code: number | null
  readonly output: string
  readonly seconds: number
  /** Events that it had written when it last said so, of those that there were. */
  readonly done: number
  /** How many of them are its own: the rest was done by those before it. */
  readonly own: number
  /** When it began with the indexes, in seconds after its first event; undefined where it did not come to that. */
  readonly eventsSeconds: number | undefined
  /** When the indexes were there, in seconds after its first event; undefined where it did not come to that. */
  readonly builtSeconds: number | undefined
  /** The most memory of its own that it had. */
  readonly peakMiB: number
}

const memoryOf = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1_024
}

/** Runs it to its end, or kills it with SIGKILL once it says that it has so many events. */
export const runRebuild = async (data: string, args: readonly string[], killAt?: number): Promise<RebuildRun> => {
  const begunMs = performance.now()
  const child = spawn(process.execPath, ['--max-semi-space-size=64', program, 'rebuild', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { DAYBOOK_DATA: data, LOG_LEVEL: 'warn' },
  })
  let [output, first, done] = ['', -1, 0]
  let firstMs = begunMs
  let eventsSeconds: number | undefined
  let builtSeconds: number | undefined
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => {
    const text = chunk.toString()
    if (!/: [\d,]+ of /.test(text)) output += text
    for (const [, phase, events] of text.matchAll(/^(events|making indexes|catching up): ([\d,]+) of/gm)) {
      done = Number(events?.replaceAll(',', ''))
      if (first < 0) [first, firstMs] = [done, performance.now()]
      const sinceFirst = (performance.now() - firstMs) / 1_000
      if (phase !== 'events') eventsSeconds ??= sinceFirst
      if (phase === 'catching up') builtSeconds ??= sinceFirst
    }
    if (killAt !== undefined && done >= killAt) child.kill('SIGKILL')
  })
  let peakMiB = 0
  const ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null))
  const look = async (): Promise<void> => {
    while (child.exitCode === null && child.signalCode === null) {
      peakMiB = Math.max(peakMiB, await memoryOf(child.pid ?? 0))
      await sleep(lookEveryMs)
    }
  }
  const [code] = await Promise.all([ended, look()])
  const seconds = (performance.now() - begunMs) / 1_000
  return { code, output, seconds, done, own: done - Math.max(first, 0), eventsSeconds, builtSeconds, peakMiB }
}
