import type { StreamId } from '../../domain/event.ts'
import { type Entry, previousSequenceOf, revisionOf } from './entry.ts'
import type { Environment } from './environment.ts'

/** How many revisions lie between two milestones of a stream. */
export const milestoneDistance = 128

/** The entry at a sequence that must be there. Valid until the next read. */
export const entryAt = ({ log }: Environment, sequence: number): Entry => {
  const entry = log.get(sequence)
  if (entry === undefined) throw new Error(`the log has no event ${sequence}`)
  return entry
}

/**
 * The sequences of a stream's events from revision `from` to `to`, in order, found by walking back from the nearest
 * milestone or the stream's `last` sequence. `to` must not be beyond the stream's end.
 */
export const sequencesOf = (
  environment: Environment,
  stream: StreamId,
  last: number,
  from: number,
  to: number,
): number[] => {
  let sequence = last
  let entry = entryAt(environment, sequence)
  const back = (): void => {
    sequence = previousSequenceOf(entry)
    entry = entryAt(environment, sequence)
  }
  const milestone = Math.ceil(to / milestoneDistance) * milestoneDistance
  if (milestone < revisionOf(entry)) {
    sequence = environment.milestones.get([stream, milestone]) ?? sequence
    entry = entryAt(environment, sequence)
  }
  for (let steps = revisionOf(entry) - to; steps > 0; steps--) back()
  const found = [sequence]
  for (let steps = to - from; steps > 0; steps--) {
    back()
    found.push(sequence)
  }
  return found.reverse()
}
