import { createHash } from 'node:crypto'
import type { Kind, RecordKind, Where } from '../domain/repair/difference.ts'

/** Something that a place has otherwise than the log says. */
export type Difference = {
  readonly where: Where
  readonly kind: Kind
  readonly record: RecordKind
  /** The shard or partition. */
  readonly part: string
  /** The stream that the record is of, or would be. */
  readonly stream: string
  readonly log: number
  /** Of the event that the record was made from; of one without a source what it says of itself. */
  readonly sequence: number
  /** The event's place in its stream; absent where there is no such event. */
  readonly revision?: number
}

/** One that was found, and is there until it is found no more. */
export type KnownDifference = Difference & {
  readonly id: string
  /** When it was first found (ISO 8601, UTC). */
  readonly since: string
}

/** Records that are of one event; others are of a whole stream, and differ whichever of its events led to them. */
export const isOfEvent = (record: RecordKind): boolean => record === 'journal' || record === 'event'

/** The same difference has the same id, whenever and by whomever it is found. */
export const idOf = ({ where, kind, record, part, stream, log, sequence }: Difference): string => {
  const place = isOfEvent(record) ? [log, sequence] : []
  const name = [where, kind, record, part, stream, ...place].join('\n')
  return `dif_${createHash('sha256').update(name).digest('hex').slice(0, 32)}`
}
