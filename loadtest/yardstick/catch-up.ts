import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { api } from '../crash/api.ts'
import { lagNow } from '../lag.ts'
import { lookAt } from '../processes.ts'
import { createKey, startSystem } from '../system.ts'
import type { CatchUp, LogReading } from './figures.ts'

const everyMs = 200
const longestMs = 120_000
/** Reading goes fast: more would only take longer. */
const mostEventsRead = 3_000_000

const behind = async (url: string, operator: string): Promise<number> => (await lagNow(api(url, operator))).events

const cpuOf = async (pid: number): Promise<{ projector: number; postgres: number }> => {
  const seen = await lookAt(pid)
  return {
    projector: seen.get('projections')?.cpuSeconds ?? 0,
    postgres: seen.get('PostgreSQL')?.cpuSeconds ?? 0,
  }
}

/**
 * Throws the read models of a stopped system away and measures how they are made again, from the first answer that
 * tells how far they are until they are complete, at most for two minutes; the next start goes on from there.
 */
export const measureCatchUp = async (data: string): Promise<CatchUp> => {
  const operator = await createKey(data, 'operator')
  await rm(join(data, 'postgres'), { recursive: true })
  const system = await startSystem(data)
  try {
    const [eventsBefore, before, beginMs] = [
      await behind(system.url, operator),
      await cpuOf(system.pid),
      performance.now(),
    ]
    for (;;) {
      await sleep(everyMs)
      const events = await behind(system.url, operator)
      const passedMs = performance.now() - beginMs
      if (events > 0 && passedMs < longestMs) continue
      const after = await cpuOf(system.pid)
      return {
        events: eventsBefore - events,
        seconds: passedMs / 1_000,
        projectorCpuSeconds: after.projector - before.projector,
        postgresCpuSeconds: after.postgres - before.postgres,
      }
    }
  } finally {
    await system.stop()
  }
}

/** Reads a stopped system's log from its begin, in a process that does nothing else. */
export const measureLogReading = async (data: string): Promise<LogReading> => {
  const program = join(import.meta.dirname, 'read-log.js')
  const { stdout } = await promisify(execFile)(process.execPath, [program, join(data, 'log'), String(mostEventsRead)])
  return JSON.parse(stdout) as LogReading
}
