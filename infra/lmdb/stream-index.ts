import type { StreamId } from '../../domain/event.ts'
import { streamOf, type Tail, tailOf } from './entry.ts'
import type { Environment } from './environment.ts'
import { nameHash } from '../name-hash.ts'
import { entriesIn } from './page.ts'
import { settledStreams } from './settled-streams.ts'

/** What a group of appends did: the log's head before and after, and where its streams end now. */
export type Gain = { readonly from: number; readonly to: number; readonly tails: ReadonlyMap<StreamId, Tail> }

/**
 * Where each stream ends. Writing that into a B-tree with every append would touch a page at random each time and cost
 * several times what the event itself does. So streams with recent events are kept in memory, told from the log, and
 * settled in the database later, neighbours together. Each process has its own memory; the log makes them agree.
 */
export type StreamIndex = {
  /** Takes in what the log has gained through any process, and gives the sequence of its last event. */
  follow(): number
  /** Where the stream ends as of `follow`; undefined for one that has no events. */
  tail(stream: StreamId): Tail | undefined
  /**
   * Inside a transaction, after `follow`: settles some `count` streams if many are in memory. What it answers is to be
   * called once that is committed.
   */
  settle(count: number): () => void
  /** Takes in a group that was committed, sooner than from the log. */
  gained(gain: Gain): void
}

// Streams whose hashes begin with the same 12 bits are neighbours.
const neighbourhoods = 2 ** 12
const neighbourhoodOf = (stream: StreamId): number => Math.floor(nameHash(stream) / 2 ** 40)
const noStreams = (): StreamId[][] => Array.from({ length: neighbourhoods }, () => [])

/**
 * The index of a log. Streams are settled when there are `capacity` of them in memory; a process that starts reads
 * about as many again from the log.
 */
export const streamIndex = (environment: Environment, capacity: number): StreamIndex => {
  const { log, progress } = environment
  const settled = settledStreams(environment)
  // For when it is always the same few streams: what matters to a process that starts is how many events they have.
  const eventCapacity = 4 * capacity
  // Together these two hold where every stream ends that has an event after `base`, up to `seen`.
  let recent = new Map<StreamId, Tail>()
  let settling = new Map<StreamId, Tail>()
  let base = 0
  let seen = 0
  // The streams of `recent` by neighbourhood: sorting them when it is time would hold up everyone.
  let neighbours = noStreams()
  // What of `settling` is still to do, and how far the database is complete after that.
  let todo: StreamId[][] = []
  let settledUpTo = 0

  const startFrom = (indexed: number): void => {
    recent = new Map()
    neighbours = noStreams()
    settling = new Map()
    todo = []
    base = indexed
    seen = indexed
  }

  const remember = (stream: StreamId, tail: Tail): void => {
    if (!recent.has(stream)) neighbours[neighbourhoodOf(stream)]?.push(stream)
    recent.set(stream, tail)
  }

  const beginToSettle = (): void => {
    settling = recent
    recent = new Map()
    todo = neighbours
    neighbours = noStreams()
    settledUpTo = seen
  }

  const sequenceOf = (stream: StreamId): number => (recent.get(stream) ?? settling.get(stream))?.sequence ?? 0

  return {
    tail: (stream) => recent.get(stream) ?? settling.get(stream) ?? settled.tail(stream),
    follow: () => {
      if (log.get(seen + 1) === undefined) return seen
      const indexed = progress.get('indexed') ?? 0
      if (indexed > seen || (indexed > base && recent.size > 2 * capacity)) startFrom(indexed)
      for (const { value } of log.getRange({ start: seen + 1, end: Number.MAX_SAFE_INTEGER })) {
        for (const entry of entriesIn(value)) {
          seen += 1
          remember(streamOf(entry), tailOf(entry, seen))
        }
      }
      return seen
    },
    settle: (count) => {
      const full = recent.size >= capacity || seen - base >= eventCapacity
      if (todo.length === 0 && full) beginToSettle()
      const ours = todo
      if (ours.length === 0) return () => undefined

      let rest = ours.length
      for (let done = 0; done < count && rest > 0; ) {
        rest -= 1
        for (const stream of ours[rest] ?? []) {
          settled.settle(stream, sequenceOf(stream))
          done += 1
        }
      }
      if (rest === 0) progress.putSync('indexed', Math.max(settledUpTo, progress.get('indexed') ?? 0))
      return () => {
        ours.length = rest
        if (rest > 0 || ours !== todo) return
        settling = new Map()
        base = settledUpTo
      }
    },
    gained: ({ from, to, tails }) => {
      // Otherwise the log has been followed over these events in the meantime.
      if (seen !== from) return
      for (const [stream, tail] of tails) remember(stream, tail)
      seen = to
    },
  }
}
