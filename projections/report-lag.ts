import type { Position } from '../domain/position.ts'
import { indexOfShard } from './copies/copy.ts'
import type { Lag, LagOf } from './lag.ts'
import { reachedBy } from './reached.ts'
import type { ReadModelServer } from './read-model-store.ts'

/** Hears how far a shard is behind. */
export type LagListener = (shard: number, events: number, seconds: number) => void

type Known = { readonly events: number; readonly seconds: number; readonly at: number }

/**
 * Tells how far each shard of a server is behind the logs, each time it is called. Where that cannot be found out it tells
 * that each is behind for as much longer as nothing is known of it, and rejects.
 */
export const lagReporter = (server: ReadModelServer, lagOf: LagOf, listener: LagListener): (() => Promise<void>) => {
  const begunAt = performance.now()
  const known = new Map<string, Known>(
    server.shards.map((schema) => [schema, { events: 0, seconds: 0, at: begunAt }] as const),
  )
  const report = async (): Promise<void> => {
    const lags = new Map<Position, Promise<Lag>>()
    for (const { schema, position } of await reachedBy(server)) {
      const lag = lags.get(position) ?? lagOf(position)
      lags.set(position, lag)
      const { events, seconds } = await lag
      known.set(schema, { events, seconds, at: performance.now() })
      listener(indexOfShard(schema), events, seconds)
    }
  }
  return async () => {
    try {
      await report()
    } catch (error) {
      for (const [schema, { events, seconds, at }] of known)
        listener(indexOfShard(schema), events, seconds + (performance.now() - at) / 1_000)
      throw error
    }
  }
}
