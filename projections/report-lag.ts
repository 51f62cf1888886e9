import type { Position } from '../domain/position.ts'
import type { Lag, LagOf } from './lag.ts'
import { reachedBy } from './reached.ts'
import type { ReadModelServer } from './read-model-store.ts'

/** Hears how far a shard is behind. */
export type LagListener = (shard: number, events: number, seconds: number) => void

/** Tells how far each shard of a server is behind the logs. */
export const reportLag = async (server: ReadModelServer, lagOf: LagOf, listener: LagListener): Promise<void> => {
  const lags = new Map<Position, Promise<Lag>>()
  for (const { schema, position } of await reachedBy(server)) {
    const lag = lags.get(position) ?? lagOf(position)
    lags.set(position, lag)
    const { events, seconds } = await lag
    listener(Number(schema.slice(schema.lastIndexOf('_') + 1)), events, seconds)
  }
}
