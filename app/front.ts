import type { Hono } from 'hono'
import type { Edge } from '../http/principal.ts'
import type { Snapshot } from '../infra/metrics/merged-metrics.ts'
import type { StatusEntry } from '../projections/status-cache.ts'
import type { Caches } from './engines/caches.ts'
import type { ReadModelsPlace } from './engines/read-models.ts'
import type { Surroundings } from './ground.ts'
import { type Listener, listen } from './listen.ts'
import { notReady } from './not-ready.ts'

/** How long requests under way are waited for at the end. */
const drainTimeoutMs = 10_000

/** Who answers requests: this process, or workers that it has started. */
export type Front = {
  readonly port: number
  /** Takes in what has changed, for the caches. */
  putStatuses(entries: readonly StatusEntry[]): void
  /** To be called when something that /ready waits for has become ready, or is so no more. */
  tellReadiness(): void
  /** Resolves when requests are answered: by `http`, or by workers that make their own at the same `place`. */
  serve(http: Hono<Edge>, place: ReadModelsPlace): Promise<void>
  /** Figures of other processes that answer. */
  metrics(): readonly Snapshot[]
}

/** Listens on `PORT`; nobody answers yet. */
export const openPort = async ({ config, teardown }: Surroundings): Promise<Listener> => {
  const listener = await listen({ host: config.HOST, port: config.PORT, variable: 'PORT' }, notReady)
  teardown.add('the HTTP port', () => listener.stop(0))
  return listener
}

/** Answers in this process. */
export const answerOn = (listener: Listener, http: Hono<Edge>, { teardown }: Surroundings): void => {
  listener.serve((request, bindings) => http.fetch(request, bindings))
  teardown.add('requests under way', () => listener.stop(drainTimeoutMs))
}

/** Listens, and answers in this process. */
export const ownFront = async (surroundings: Surroundings, caches: Caches): Promise<Front> => {
  const listener = await openPort(surroundings)
  return {
    port: listener.port,
    putStatuses: caches.hear,
    tellReadiness: () => undefined,
    serve: async (http) => answerOn(listener, http, surroundings),
    metrics: () => [],
  }
}
