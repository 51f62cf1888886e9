import type { EventStore } from '../command-side/event-store.ts'
import type { StreamId } from '../domain/event.ts'
import { positionAt, sequenceIn, sequencesIn } from '../domain/position.ts'
import type { LogReader, LogBatch } from '../projections/log-reader.ts'
import type { StreamReader } from '../projections/stream-reader.ts'
import { nameHash } from './name-hash.ts'

/** An event store with its feed, open. */
export type OpenStore = EventStore & LogReader & StreamReader & { close(): Promise<void> }

type Arrival = {
  readonly log: number
  readonly reader: AsyncIterator<LogBatch>
  readonly result: IteratorResult<LogBatch>
}

/**
 * Batches of all feeds as they come, each with the place that has been reached in all of them. A feed is asked for its
 * next batch when the one before was taken.
 */
async function* merged(stores: readonly OpenStore[], from: string, signal: AbortSignal): AsyncGenerator<LogBatch> {
  const sequences = stores.map((_, log) => sequencesIn(from)[log] ?? 0)
  const ended = new AbortController()
  const both = AbortSignal.any([signal, ended.signal])
  const waiting = new Map<number, Promise<Arrival>>()
  const ask = (log: number, reader: AsyncIterator<LogBatch>): void => {
    waiting.set(
      log,
      reader.next().then((result) => ({ log, reader, result })),
    )
  }
  for (const [log, store] of stores.entries()) ask(log, store.subscribe(from, both)[Symbol.asyncIterator]())
  try {
    while (waiting.size > 0) {
      const { log, reader, result } = await Promise.race(waiting.values())
      waiting.delete(log)
      if (result.done) continue
      const { events, position } = result.value
      sequences[log] = sequenceIn(position, log)
      yield { events, position: positionAt(sequences) }
      ask(log, reader)
    }
  } finally {
    ended.abort()
    for (const promise of waiting.values()) promise.catch(() => undefined)
  }
}

/**
 * Several stores as one: a stream is in the one that the hash of its name says, for ever, so neither their number nor
 * their order may change. Each has to give its events the number of its place here as their log.
 */
export const spreadStores = (stores: readonly OpenStore[]): OpenStore => {
  const of = (stream: StreamId): OpenStore => {
    const store = stores[nameHash(stream) % stores.length]
    if (store === undefined) throw new RangeError('there is no event store')
    return store
  }
  const head = async (): Promise<string> => {
    const heads = await Promise.all(stores.map((store) => store.head()))
    return positionAt(heads.map((each, log) => sequenceIn(each, log)))
  }
  return {
    append: async (stream, expected, events) => of(stream).append(stream, expected, events),
    readStream: (stream, from, limit) => of(stream).readStream(stream, from, limit),
    streamFrom: (stream, from) => of(stream).streamFrom(stream, from),
    streamRevision: (stream) => of(stream).streamRevision(stream),
    head,
    readAll: async (from, limit) => {
      const sequences = stores.map((_, log) => sequencesIn(from)[log] ?? 0)
      const all: LogBatch['events'][number][] = []
      for (const [log, store] of stores.entries()) {
        if (all.length === limit) break
        const { events, position } = await store.readAll(from, limit - all.length)
        all.push(...events)
        sequences[log] = sequenceIn(position, log)
      }
      return { events: all, position: positionAt(sequences) }
    },
    subscribe: (from, signal) => merged(stores, from, signal),
    close: async () => {
      await Promise.all(stores.map((store) => store.close()))
    },
  }
}
