import { createHash } from 'node:crypto'
import type { Kind, RecordKind, Where } from '../domain/repair/difference.ts'

/** Something that a place has otherwise than the log says. */
export type Difference = {
  readonly where: Where
  readonly kind: Kind
  readonly record: RecordKind
  /** The shard or partition. */
  readonly part: string
  /** The stream that the record is of, or would be; of a sum that of its merchant, or `allMerchants`. */
  readonly stream: string
  readonly log: number
  /** Of the event that the record was made from; of one without a source what it says of itself. Where a period begins. */
  readonly sequence: number
  /** The event's place in its stream; absent where there is no such event. */
  readonly revision?: number
  /** Which of several rows of the stream, or of the shard, it is; absent where there is one. */
  readonly key?: string
}

/** Stands for the merchants of a shard together. */
export const allMerchants = 'merchant-'

/** One that was found, and is there until it is found no more. */
export type KnownDifference = Difference & {
  readonly id: string
  /** When it was first found (ISO 8601, UTC). */
  readonly since: string
}

/** Records that are of one event. */
export const ofEvents: readonly RecordKind[] = ['journal', 'settlement', 'event']

/** Those that are of a whole stream, and differ whichever of its events led to them. All others are made from these. */
export const ofStreams: readonly RecordKind[] = ['payment', 'payout', 'status']

/** In the order in which they are repaired: what others are made from comes first. */
export const sourcesFirst = <Each extends Difference>(differences: readonly Each[]): readonly Each[] => {
  const isSource = ({ record }: Each): boolean => ofEvents.includes(record) || ofStreams.includes(record)
  return [...differences.filter(isSource), ...differences.filter((each) => !isSource(each))]
}

/** The same difference has the same id, whenever and by whomever it is found. */
export const idOf = ({ where, kind, record, part, stream, log, sequence, key }: Difference): string => {
  const place = ofEvents.includes(record) ? [log, sequence] : key === undefined ? [] : [log, sequence, key]
  const name = [where, kind, record, part, stream, ...place].join('\n')
  return `dif_${createHash('sha256').update(name).digest('hex').slice(0, 32)}`
}
