import { positionOf, sequenceIn } from '../domain/position.ts'
import type { PartName, Stretch } from './event-feed.ts'
import type { LogReader } from './log-reader.ts'

const pageSize = 2_000

/** A stretch of a part, from its own log: in pieces that follow on one another and end at `upTo`. */
export async function* rereadPart(
  log: Pick<LogReader, 'readAll'>,
  name: PartName,
  after: number,
  upTo: number,
  isOfPart: (stream: string) => boolean,
): AsyncGenerator<Stretch> {
  let from = after
  while (from < upTo) {
    const { events, position } = await log.readAll(positionOf({ log: name.log, sequence: from }), pageSize)
    const reached = events.length === 0 ? upTo : Math.min(sequenceIn(position, name.log), upTo)
    const ours = events.filter((event) => event.sequence <= upTo && isOfPart(event.stream))
    yield { ...name, after: from, upTo: reached, events: ours }
    from = reached
  }
}
