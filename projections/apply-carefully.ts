import type { RecordedEvent } from '../domain/event.ts'
import type { Projection, Shard } from './projection.ts'
import { StoreUnavailable } from './read-model-store.ts'
import type { Outcome, Way } from './work.ts'

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const applyPart = async (projection: Projection, shard: Shard, events: readonly RecordedEvent[]): Promise<Outcome> => {
  const [event] = events
  if (event === undefined) return { changed: [], faults: [] }
  try {
    return { changed: await shard.sql.savepoint(() => projection.apply(shard, events)), faults: [] }
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error
    projection.forget()
    if (events.length === 1) return { changed: [], faults: [{ event, reason: reasonOf(error) }] }
  }
  const middle = events.length >> 1
  const first = await applyPart(projection, shard, events.slice(0, middle))
  const faulty = new Set(first.faults.map((fault) => fault.event.stream))
  const rest = events.slice(middle).filter(({ stream }) => !faulty.has(stream))
  const second = await applyPart(projection, shard, rest)
  return { changed: [...first.changed, ...second.changed], faults: [...first.faults, ...second.faults] }
}

/**
 * Applies all that can be applied and finds the faulty events by halving, so that the order of the log is kept. Of a
 * stream with a fault nothing after it is applied. Rejects with `StoreUnavailable` only.
 */
export const applyCarefully: Way = async (work) => {
  const outcomes: Outcome[] = []
  for (const { projection, shard, events } of work) outcomes.push(await applyPart(projection, shard, events))
  return outcomes
}
