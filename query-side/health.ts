import { setTimeout as wait } from 'node:timers/promises'
import { Hono } from 'hono'
import type { Edge } from '../http/principal.ts'

/** Something that must work before requests can be answered. A probe that throws or is silent is not ready. */
export type Probe = { readonly name: string; ready(): Promise<boolean> }

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

/** GET /health: this process is alive. GET /ready: it can answer, or what it waits for. Neither needs a key. */
export const healthRoutes = (probes: readonly Probe[], timeoutMs: number): Hono<Edge> =>
  new Hono<Edge>()
    .get('/health', (c) => c.json({ status: 'ok' }))
    .get('/ready', async (c) => {
      const answers = await Promise.all(probes.map((probe) => isReady(probe, timeoutMs)))
      const waitsFor = probes.filter((_, index) => answers[index] !== true).map(({ name }) => name)
      if (waitsFor.length === 0) return c.json({ status: 'ready' })
      return c.json({ status: 'waiting', waitsFor }, 503, { 'Retry-After': '1' })
    })
