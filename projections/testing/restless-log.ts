import type { RecordedEvent } from '../../domain/event.ts'
import { sequenceIn } from '../../domain/position.ts'
import type { LogReader } from '../log-reader.ts'
import { moment } from './pause.ts'
import type { Random } from './random.ts'

/** A log that grows while it is read. */
export type RestlessLog = {
  readonly reader: Pick<LogReader, 'subscribe'>
  /** Events and places that readers did not have at first. */
  grow(count: number): void
  /** How many events readers can have by now. */
  length(): number
}

/** Readers of it get batches of any size, some again, and, as often as `trouble` says, a failure or an end. */
export const restlessLog = (events: readonly RecordedEvent[], random: Random, trouble: () => number): RestlessLog => {
  let visible = 0
  return {
    grow: (count) => {
      visible = Math.min(events.length, visible + count)
    },
    length: () => visible,
    reader: {
      async *subscribe(from, signal) {
        const beyond = events.findIndex(({ sequence }) => sequence > sequenceIn(from, 0))
        let next = beyond < 0 ? events.length : beyond
        while (!signal.aborted) {
          await moment(random)
          if (random.chance(trouble())) throw new Error('the log cannot be read')
          if (random.chance(trouble())) return
          if (random.chance(trouble())) next = random.below(next + 1)
          if (next >= visible) continue
          const batch = events.slice(next, Math.min(visible, next + 1 + random.below(40)))
          next += batch.length
          yield { events: batch, position: String(batch.at(-1)?.sequence ?? 0) }
        }
      },
    },
  }
}
