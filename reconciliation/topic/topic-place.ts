import { type Position, sequenceIn } from '../../domain/position.ts'
import type { Outcome } from '../../domain/repair/difference.ts'
import type { StreamReader } from '../../projections/stream-reader.ts'
import type { LogEvent } from '../../projections/unread.ts'
import { compareRecords, type EventRecord } from '../compare-records.ts'
import type { Difference } from '../difference.ts'
import { digestOf } from '../digest.ts'
import { eventOf } from '../event-of.ts'
import type { Page } from '../page.ts'
import type { Comparison, PartDigests, Piece, Place } from '../place.ts'
import type { Offsets, TopicReader, TopicRecord } from './topic-reader.ts'
import { walks } from './walks.ts'

/** What the topic is compared with, and repaired. */
export type TopicDeps = {
  readonly topic: TopicReader
  readonly streams: StreamReader
  readonly head: () => Promise<Position>
  /** Up to where projectors have come, who had it from the topic. */
  readonly reached: () => Promise<Position>
  /** Adds an event to its partition once more. */
  readonly publish: (event: LogEvent) => Promise<void>
}

/** Records may be written with a clock that is behind that of the events. */
const slackMs = 60_000
/** More than a page's records and their copies are. */
const mostRecords = 50_000
/** For records without a source, of which there should be none. */
const pieceRecords = 5_000

const nameOf = (part: number): string => `partition ${part}`

const recordOf = ({ upTo, event }: TopicRecord): readonly EventRecord[] =>
  event === undefined ? [] : [{ stream: event.stream, sequence: upTo, id: event.id, hash: event.hash }]

/** The first record of each event, and those that come after it. */
const byTurn = (records: readonly TopicRecord[]): { first: readonly TopicRecord[]; copies: readonly TopicRecord[] } => {
  const seen = new Set<number>()
  const isCopy = new Map(
    records.map((record) => {
      const known = record.event !== undefined && seen.has(record.upTo)
      if (record.event !== undefined) seen.add(record.upTo)
      return [record, known] as const
    }),
  )
  return { first: records.filter((each) => !isCopy.get(each)), copies: records.filter((each) => isCopy.get(each)) }
}

/**
 * The events in Kafka. Those of a page are looked for from where those of the page before ended; what comes later with an
 * earlier sequence is a copy, or was put there by somebody else.
 */
export const topicPlace = ({ topic, streams, head, reached, publish }: TopicDeps): Place => {
  const walked = walks()

  /** Where to begin to read for a page, and whether all before that was read for the page before it. */
  const begin = async ({ log, after, events }: Page): Promise<{ from: Offsets; follows: boolean }> => {
    const known = walked.endOf(log, after)
    if (known !== undefined) return { from: known, follows: true }
    const [first] = events
    const isFirst = after === 0 || first?.recordedAt === undefined
    const timeMs = isFirst ? 0 : Date.parse(first.recordedAt ?? '') - slackMs
    return { from: await topic.offsetsAt(Math.max(0, timeMs)), follows: isFirst }
  }

  const late = async (record: TopicRecord, headNow: number): Promise<readonly Difference[]> => {
    const { part, log, upTo: sequence, event } = record
    if (event === undefined) return []
    const { stream, revision } = event
    const of = { where: 'kafka', record: 'event', part: nameOf(part), stream, log, sequence } as const
    if (sequence > headNow) return [{ ...of, kind: 'ahead' }]
    const source = (await streams.streamFrom(stream, revision)).find((each) => each.sequence === sequence)
    if (source === undefined) return [{ ...of, kind: 'ahead' }]
    return [{ ...of, kind: topic.hashOf(source) === event.hash ? 'doubled' : 'altered', revision }]
  }

  const compare = async (page: Page): Promise<Comparison> => {
    const { log, after, upTo, events } = page
    const { from, follows } = await begin(page)
    const known = sequenceIn(await head(), log)
    const isBeyond = (record: TopicRecord): boolean => record.log === log && record.upTo > upTo && record.upTo <= known
    const { records, next } = await topic.read(from, isBeyond, mostRecords)
    walked.note(log, upTo, next)
    const ends = await topic.ends()
    const own = records.filter((record) => record.log === log)
    const differences: Difference[] = []
    const parts: PartDigests[] = []
    for (let part = 0; part < topic.parts; part++) {
      const here = own.filter((record) => record.part === part)
      const { low = 0 } = ends.get(part) ?? {}
      // What the topic has been told to forget is not lost.
      const floor = low > 0 && (from.get(part) ?? 0) <= low ? (here[0]?.after ?? upTo) : 0
      const wanted = events.filter(({ stream, sequence }) => sequence > floor && topic.partOf(stream) === part)
      const expected = wanted.map((event) => ({
        stream: event.stream,
        sequence: event.sequence,
        id: event.id,
        hash: topic.hashOf(event),
      }))
      const { first, copies } = byTurn(here.filter((record) => record.upTo > after && record.upTo <= upTo))
      const found = first.flatMap(recordOf)
      parts.push({
        part: nameOf(part),
        expected: digestOf(expected.map(({ hash }) => hash)),
        found: digestOf(found.filter(({ sequence }) => sequence > floor).map(({ hash }) => hash)),
      })
      for (const copy of copies) differences.push(...(await late(copy, known)))
      const revisions = new Map(events.map(({ sequence, revision }) => [sequence, revision]))
      const above = found.filter(({ sequence }) => sequence > floor)
      for (const { kind, stream, sequence } of compareRecords(expected, above)) {
        const revision = revisions.get(sequence)
        const of = { where: 'kafka', record: 'event', part: nameOf(part), stream, log, sequence } as const
        differences.push({ ...of, kind, ...(revision === undefined ? {} : { revision }) })
      }
    }
    const headNow = sequenceIn(await head(), log)
    for (const record of own) {
      const isLate = follows && record.upTo <= after
      if (isLate || record.upTo > headNow) differences.push(...(await late(record, headNow)))
    }
    return { parts, differences }
  }

  /** What comes after the last page that was compared. */
  const strays = async (after: string | undefined): Promise<Piece> => {
    const from = after === undefined ? walked.last() : offsetsIn(after)
    if (from === undefined) return { differences: [], next: undefined }
    const { records, next, isEnd } = await topic.read(from, () => false, pieceRecords)
    const differences: Difference[] = []
    const now = await head()
    for (const record of records) {
      const headNow = sequenceIn(now, record.log)
      if (walked.isAgain(record) || record.upTo > headNow) differences.push(...(await late(record, headNow)))
    }
    return { differences, next: isEnd ? undefined : textOfOffsets(next) }
  }

  const repair = async (difference: Difference): Promise<Outcome> => {
    const { kind } = difference
    const event = kind === 'lost' || kind === 'altered' ? await eventOf(streams, difference) : undefined
    if (event === undefined) return 'notNeeded'
    await publish(event)
    return 'made'
  }
  return { where: 'kafka', canChange: false, reached, compare, strays, repair }
}

const textOfOffsets = (offsets: Offsets): string => [...offsets].map(([part, offset]) => `${part}:${offset}`).join(' ')

const offsetsIn = (text: string): Offsets =>
  new Map(
    text.split(' ').map((each) => {
      const [part = '0', offset = '0'] = each.split(':')
      return [Number(part), Number(offset)] as const
    }),
  )
