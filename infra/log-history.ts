import { positionOf } from '../domain/position.ts'
import type { History } from '../query-side/history.ts'
import { logLag } from './log-lag.ts'
import type { OpenStore } from './spread-stores.ts'

type Readable = Pick<OpenStore, 'head' | 'readAll' | 'readStream'>

/** An event store as reads see it, given as one and log by log. */
export const logHistory = (all: Readable, each: readonly Readable[]): History => ({
  readStream: (stream, from, limit) => all.readStream(stream, from, limit),
  head: () => all.head(),
  lag: logLag(each),
  readLog: async (log, after, limit) => {
    const { events } = (await each[log]?.readAll(positionOf({ log, sequence: after }), limit)) ?? { events: [] }
    return events
  },
})
