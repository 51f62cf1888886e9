import { continues } from '../../projections/continues.ts'
import type { Stretch } from '../../projections/event-feed.ts'
import type { Outgoing } from '../../projections/publisher.ts'
import type { LogEvent } from '../../projections/unread.ts'

/** A record, and the offset in its partition that comes after it. */
export type Placed = { readonly record: Outgoing; readonly next: number }

type Run = Omit<Stretch, 'events'> & { upTo: number; offset: number; readonly events: LogEvent[] }

/**
 * What records of one partition come to, in their order: as few stretches as can say it. Where a record does not go on
 * from what came before it of the same log, a new one begins, so that whoever applies them sees what is missing.
 */
export const stretchesOf = (placed: readonly Placed[]): readonly Stretch[] => {
  const runs: Run[] = []
  const open = new Map<number, Run>()
  for (const { record, next } of placed) {
    const { log, part, after, upTo, event } = record
    const run = open.get(log)
    if (run !== undefined && continues(run, record)) {
      // A copy of what the run has already is left out.
      if (event !== undefined && event.sequence > run.upTo) run.events.push(event)
      run.upTo = Math.max(run.upTo, upTo)
      run.offset = next
    } else {
      const begun = { log, part, after, upTo, offset: next, events: event === undefined ? [] : [event] }
      runs.push(begun)
      open.set(log, begun)
    }
  }
  return runs
}
