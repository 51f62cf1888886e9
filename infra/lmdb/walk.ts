import type { StreamId } from '../../domain/event.ts'
import { type Entry, previousSequenceOf, revisionOf, type Tail } from './entry.ts'
import type { Environment } from './environment.ts'
import { entryIn, type Page } from './page.ts'

/** How many revisions lie between two milestones of a stream. */
export const milestoneDistance = 128

/** The last page that begins at or before a sequence, valid until the next read. */
export const pageBefore = ({ log }: Environment, sequence: number): { key: number; value: Page } | undefined => {
  for (const found of log.getRange({ start: sequence, end: 0, reverse: true, limit: 1 })) return found
  return undefined
}

/**
 * Gives the entries at sequences that must be there. One that lies in the same page as the one before it is not read
 * again, so nothing else may be read in between.
 */
const entryReader = (environment: Environment): ((sequence: number) => Entry) => {
  let page: { key: number; value: Page } | undefined
  const inPage = (sequence: number): Entry | undefined =>
    page === undefined || sequence < page.key ? undefined : entryIn(page.value, sequence - page.key)
  return (sequence) => {
    let entry = inPage(sequence)
    if (entry === undefined) {
      page = pageBefore(environment, sequence)
      entry = inPage(sequence)
    }
    if (entry === undefined) throw new Error(`the log has no event ${sequence}`)
    return entry
  }
}

/** The entry at a sequence that must be there. Valid until the next read. */
export const entryAt = (environment: Environment, sequence: number): Entry => entryReader(environment)(sequence)

/**
 * What `make` makes of a stream's entries from revision `from` to `to`, in order. They are found by walking back from
 * the nearest milestone or the stream's `tail`. `to` must not be beyond that, and `make` must not read.
 */
export const entriesOf = <T>(
  environment: Environment,
  stream: StreamId,
  tail: Tail,
  from: number,
  to: number,
  make: (entry: Entry, sequence: number) => T,
): T[] => {
  const milestone = Math.ceil(to / milestoneDistance) * milestoneDistance
  const near = milestone < tail.revision ? environment.milestones.get([stream, milestone]) : undefined
  const read = entryReader(environment)
  let sequence = near ?? tail.sequence
  let entry = read(sequence)
  const back = (): void => {
    sequence = previousSequenceOf(entry)
    entry = read(sequence)
  }
  for (let steps = revisionOf(entry) - to; steps > 0; steps--) back()
  const made = [make(entry, sequence)]
  for (let steps = to - from; steps > 0; steps--) {
    back()
    made.push(make(entry, sequence))
  }
  return made.reverse()
}
