import { positionOf } from '../domain/position.ts'
import type { Stretch } from './event-feed.ts'
import { type Fault, park } from './parked-streams.ts'
import type { Changed } from './projection.ts'
import type { StatusEntry } from './status-cache.ts'
import type { Way, Work } from './work.ts'

export type Parked = Fault & { readonly projection: string }

/** What a batch came to: everything that changed in what is read, and what was parked. */
export type Result = { readonly changed: readonly StatusEntry[]; readonly parked: readonly Parked[] }

/** Tells up to where what changed speaks of its stream: as far as that stream's part was seen. */
const dated = (changed: readonly Changed[], batch: readonly Stretch[]): readonly StatusEntry[] => {
  if (changed.length === 0) return []
  const [only] = batch
  const places = new Map<string, string>()
  if (batch.length > 1) {
    for (const { log, upTo, events } of batch) {
      for (const { stream } of events) places.set(stream, positionOf({ log, sequence: upTo }))
    }
  }
  const first = only === undefined ? '0' : positionOf({ log: only.log, sequence: only.upTo })
  return changed.map(({ stream, id, version, merchantId, document }) => ({
    id,
    version,
    merchantId,
    document,
    position: places.get(stream) ?? first,
  }))
}

/** The faults of one projection, the first of each stream. */
const firstFaults = ({ faults }: Work, whileApplied: readonly Fault[]): readonly Fault[] => {
  // What cannot be read comes after all that was applied of its stream.
  const all = [...faults, ...whileApplied]
  return all.length < 2 ? all : [...new Map(all.map((fault) => [fault.event.stream, fault])).values()]
}

/** Does what a batch asks for, inside its transaction, and parks the streams that have a fault. */
export const doWork = async (work: readonly Work[], way: Way, batch: readonly Stretch[]): Promise<Result> => {
  const outcomes = await way(work)
  const parked: Parked[] = []
  for (const [index, each] of work.entries()) {
    const { projection, shard } = each
    const faults = firstFaults(each, outcomes[index]?.faults ?? [])
    await park(shard.sql, shard.schema, projection.name, faults)
    parked.push(...faults.map((fault) => ({ ...fault, projection: projection.name })))
  }
  // What a copy beside the live one has just come to, readers by id have known for long, and perhaps better.
  const changed = outcomes.flatMap((outcome, index) => (work[index]?.live === true ? outcome.changed : []))
  return { changed: dated(changed, batch), parked }
}
