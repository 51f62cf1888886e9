import { EventStoreBusy, type EventStore } from '../../command-side/event-store.ts'
import type { NewEvent } from '../../domain/event.ts'
import { positionOf } from '../../domain/position.ts'
import type { LogReader } from '../../projections/log-reader.ts'
import { checkAppend } from '../append-check.ts'
import { appendTo, type Patience } from './append.ts'
import { connect } from './connection.ts'
import { lastRevision, lastSequence, readAllOf, readStreamOf } from './read.ts'
import { subscribeTo } from './subscribe.ts'

export type EventStoreDbOptions = {
  /** `esdb://…` or `esdb+discover://…`. */
  readonly connectionString: string
  /** Which log this store is among several; 0 when absent. */
  readonly log?: number
  /** Ten seconds for a call and thirty for an append with all its tries when absent. */
  readonly patience?: Patience
  /** How many events may be on their way at a time before `EventStoreBusy`; 10,000 when absent. */
  readonly maxUnderWay?: number
  /** Hears what a subscription goes on after. */
  readonly onTrouble?: (error: unknown) => void
}

/** An EventStoreDB or KurrentDB as the ledger's log, or one of its logs. A position is a commit position. */
export type EventStoreDb = EventStore & LogReader & { close(): Promise<void> }

const patient: Patience = { callMs: 10_000, allMs: 30_000 }

/** Opens the store; nothing is asked of it yet. */
export const openEventStoreDb = (options: EventStoreDbOptions): EventStoreDb => {
  const { connectionString, log = 0, patience = patient, maxUnderWay = 10_000, onTrouble = () => undefined } = options
  const connection = connect(connectionString)
  const source = { connection, log, callMs: patience.callMs }
  const closing = new AbortController()
  let underWay = 0

  const admit = async <T>(events: readonly NewEvent[], work: () => Promise<T>): Promise<T> => {
    if (underWay > 0 && underWay + events.length > maxUnderWay) {
      throw new EventStoreBusy(`${underWay} events are on their way`)
    }
    underWay += events.length
    try {
      return await work()
    } finally {
      underWay -= events.length
    }
  }

  return {
    append: async (stream, expected, events) => {
      checkAppend(stream, expected, events)
      return admit(events, () => appendTo(connection, log, patience, [stream, expected, events]))
    },
    readStream: (stream, from = 0, limit = Number.MAX_SAFE_INTEGER) => readStreamOf(source, stream, from, limit),
    streamRevision: (stream) => lastRevision(source, stream),
    head: async () => positionOf({ log, sequence: await lastSequence(source) }),
    readAll: (from, limit) => readAllOf(source, from, limit),
    subscribe: (from, signal) => subscribeTo(source, from, AbortSignal.any([signal, closing.signal]), onTrouble),
    close: async () => {
      closing.abort()
      await connection.close()
    },
  }
}
