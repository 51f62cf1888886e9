import { positionOf, sequenceIn } from '../domain/position.ts'
import type { PartName, Stretch } from './event-feed.ts'
import type { LogReader } from './log-reader.ts'

const pageSize = 2_000

type Log = Pick<LogReader, 'readAll'>

async function* piecesFrom(
  log: Log,
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

/**
 * A stretch of a part, from its own log of all `logs`: in pieces that follow on one another and end at `upTo`. Throws
 * `RangeError` where there is no such log.
 */
export const rereadPart = (
  logs: readonly Log[],
  name: PartName,
  after: number,
  upTo: number,
  isOfPart: (stream: string) => boolean,
): AsyncGenerator<Stretch> => {
  const log = logs[name.log]
  if (log === undefined) throw new RangeError(`there is no log ${name.log}`)
  return piecesFrom(log, name, after, upTo, isOfPart)
}
