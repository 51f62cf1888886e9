import { once } from 'node:events'
import { sequenceIn } from '../../domain/position.ts'
import type { LogBatch, LogReader } from '../log-reader.ts'
import type { StreamReader } from '../stream-reader.ts'
import type { LogEvent } from '../unread.ts'

const positionOf = (events: readonly LogEvent[], fallback: string): string =>
  String(events.at(-1)?.sequence ?? fallback)

/** How the events of a log are delivered: the places of each batch. */
export type Delivery = (from: number, length: number) => Iterable<readonly [number, number]>

/** Batches of so many events, one after another. */
export const inOrder = (size: number): Delivery =>
  function* (from, length) {
    for (let begin = from; begin < length; begin += size) yield [begin, Math.min(begin + size, length)]
  }

/** A log in memory. What `delivery` repeats is delivered again, as it may be. */
export const memoryLog = (
  events: readonly LogEvent[],
  delivery: Delivery = inOrder(1_000),
): LogReader & StreamReader => {
  const batchOf = (from: number, to: number): LogBatch => {
    const part = events.slice(from, to)
    return { events: part, position: positionOf(part, String(from)) }
  }
  return {
    head: async () => positionOf(events, '0'),
    readAll: async (from, limit) => batchOf(sequenceIn(from, 0), sequenceIn(from, 0) + limit),
    streamFrom: async (name, from) => events.filter(({ stream, revision }) => stream === name && revision >= from),
    async *subscribe(from, signal) {
      for (const [begin, end] of delivery(sequenceIn(from, 0), events.length)) {
        if (signal.aborted) return
        yield batchOf(begin, end)
      }
      if (!signal.aborted) await once(signal, 'abort')
    },
  }
}
