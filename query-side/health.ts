import { setTimeout as wait } from 'node:timers/promises'
import { Hono } from 'hono'
import type { Edge } from '../http/principal.ts'

/** Something that is looked at to tell whether requests can be answered. A probe that throws or is silent is not ready. */
export type Probe = {
  readonly name: string
  /** False for what only some requests need: what is missing is told, and the others are answered. True when absent. */
  readonly isNeeded?: boolean
  ready(): Promise<boolean>
}

/** How long a probe may take, in milliseconds. */
export const probeTimeoutMs = 2_000

const isReady = async (probe: Probe, timeoutMs: number): Promise<boolean> => {
  const silent = new AbortController()
  const timeout = wait(timeoutMs, false, { signal: silent.signal })
  try {
    return await Promise.race([probe.ready(), timeout])
  } catch {
    return false
  } finally {
    silent.abort()
    await timeout.catch(() => false)
  }
}

/** GET /health: this process is alive. GET /ready: it can answer, and without what, or what it waits for. Neither needs a key. */
export const healthRoutes = (probes: readonly Probe[], timeoutMs: number): Hono<Edge> =>
  new Hono<Edge>()
    .get('/health', (c) => c.json({ status: 'ok' }))
    .get('/ready', async (c) => {
      const answers = await Promise.all(probes.map((probe) => isReady(probe, timeoutMs)))
      const missing = probes.filter((_, index) => answers[index] !== true)
      const waitsFor = missing.filter(({ isNeeded = true }) => isNeeded).map(({ name }) => name)
      const without = missing.filter(({ isNeeded = true }) => !isNeeded).map(({ name }) => name)
      if (waitsFor.length === 0) return c.json({ status: 'ready', ...(without.length === 0 ? {} : { without }) })
      return c.json({ status: 'waiting', waitsFor }, 503, { 'Retry-After': '1' })
    })
