import { setTimeout as sleep } from 'node:timers/promises'
import { type Api, api } from './crash/api.ts'
import type { Lag } from './result.ts'

/** How far the projection that is furthest behind is. */
export type LagNow = { readonly events: number; readonly seconds: number }

const everyMs = 200
// A projection that comes no nearer for so long does not come at all.
const patienceMs = 60_000

type Projections = { readonly data: readonly { readonly lag: LagNow }[] }

/** As the system tells it now. */
export const lagNow = async (system: Api): Promise<LagNow> => {
  const { data } = await system.get<Projections>('/v1/projections')
  return {
    events: Math.max(0, ...data.map(({ lag }) => lag.events)),
    seconds: Math.max(0, ...data.map(({ lag }) => lag.seconds)),
  }
}

/** Watches how far the projections are behind, some five times a second. */
export type LagWatch = {
  /** The last that was seen. */
  now(): LagNow
  /** Counts from here. */
  begin(): void
  /** Ends the watch: waits until nothing is left to apply, and says what was seen since `begin`. */
  end(): Promise<Lag>
  stop(): Promise<void>
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0

/** What was seen, in figures; `samples` are milliseconds. */
export const lagOf = (samples: readonly number[], endEvents: number, drainSeconds: number): Lag => {
  const sorted = [...samples].toSorted((one, other) => one - other)
  return {
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    maxMs: sorted.at(-1) ?? 0,
    endEvents,
    drainSeconds,
  }
}

/** Resolves to the seconds until nothing is left to apply; throws when the projections make no progress for a minute. */
const drained = async (system: Api): Promise<number> => {
  const begin = performance.now()
  let least = Infinity
  let since = begin
  for (;;) {
    const { events } = await lagNow(system)
    const now = performance.now()
    if (events === 0) return (now - begin) / 1_000
    if (events < least) {
      least = events
      since = now
    }
    if (now - since > patienceMs) throw new Error(`the projections stand still, ${events} events behind`)
    await sleep(50)
  }
}

export const watchLag = (url: string, operator: string): LagWatch => {
  const system = api(url, operator)
  const stopping = new AbortController()
  let last: LagNow = { events: 0, seconds: 0 }
  let samples: number[] = []

  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const at = performance.now()
      // A system that is too busy to answer is seen a moment later.
      last = await lagNow(system).catch(() => last)
      samples.push(last.seconds * 1_000)
      await sleep(Math.max(0, everyMs - (performance.now() - at)), undefined, { signal: stopping.signal }).catch(
        () => undefined,
      )
    }
  }
  const watching = watch()
  const stop = async (): Promise<void> => {
    stopping.abort()
    await watching
  }
  return {
    now: () => last,
    begin: () => {
      samples = []
    },
    stop,
    end: async () => {
      await stop()
      const seen = samples
      const { events } = await lagNow(system)
      return lagOf(seen, events, await drained(system))
    },
  }
}
