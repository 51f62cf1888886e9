import type { RecordedEvent } from '../domain/event.ts'
import type { Fault } from './parked-streams.ts'
import type { Changed, Projection, Shard } from './projection.ts'

/** Events that one projection of one shard has not seen. */
export type Work = {
  readonly projection: Projection
  readonly shard: Shard
  /** Whether readers see it. */
  readonly live: boolean
  readonly events: readonly RecordedEvent[]
  /** What comes between them and cannot be read. */
  readonly faults: readonly Fault[]
}

export type Outcome = { readonly changed: readonly Changed[]; readonly faults: readonly Fault[] }

/** A way to do a transaction's work; outcomes come in the order of the work. */
export type Way = (work: readonly Work[]) => Promise<readonly Outcome[]>
