import { type EventStore, EventStoreBusy, type ExpectedRevision } from '../../command-side/event-store.ts'
import type { StreamId } from '../../domain/event.ts'
import { positionOf } from '../../domain/position.ts'
import { EventStoreUnavailable } from '../../http/event-store-unavailable.ts'
import type { LogReader } from '../../projections/log-reader.ts'
import type { StreamReader } from '../../projections/stream-reader.ts'
import { checkAppend } from '../append-check.ts'
import { admission, type Room } from './admission.ts'
import { appendTo, type Patience } from './append.ts'
import { prepare, type Prepared, propose } from './append-request.ts'
import { atMost } from './at-most.ts'
import { endsOf, lineOf } from './chain.ts'
import { connect } from './connection.ts'
import { isPassing } from './failures.ts'
import { lastRevision, lastSequence, readAllOf, readStreamOf } from './read.ts'
import { asItIs, recorded } from './recorded.ts'
import { subscribeTo } from './subscribe.ts'

export type EventStoreDbOptions = {
  /** `esdb://…` or `esdb+discover://…`, of one node or several of a cluster. */
  readonly connectionString: string
  /** Which log this store is among several; 0 when absent. */
  readonly log?: number
  /** Ten seconds for a call, and for an append with all its tries, when absent. */
  readonly patience?: Patience
  /** What may be on its way at a time before `EventStoreBusy`; 10,000 events and 32 MiB when absent. */
  readonly room?: Room
  /** How long a subscription may be quiet before the store is asked whether there is nothing new; 5,000 ms when absent. */
  readonly quietMs?: number
  /** Hears what a subscription goes on after. */
  readonly onTrouble?: (error: unknown) => void
}

/** An EventStoreDB or KurrentDB as the ledger's log, or one of its logs. A position is a commit position. */
export type EventStoreDb = EventStore & LogReader & StreamReader & { close(): Promise<void> }

/**
 * A server that is started again is there after five seconds, and an intent that took two is not acted on any more: who
 * waits for longer does better to hear that it is away, and to ask again with the same key.
 */
const patient: Patience = { callMs: 10_000, allMs: 10_000 }
/** A server answers a few reads of streams much sooner than hundreds that come together. */
const readsAtOnce = 64
const roomy: Room = { events: 10_000, bytes: 32 * 1024 * 1024 }

const unavailable = (error: unknown): never => {
  throw isPassing(error) && !(error instanceof EventStoreBusy) ? new EventStoreUnavailable(error) : error
}

/** Opens the store; nothing is asked of it yet. */
export const openEventStoreDb = (options: EventStoreDbOptions): EventStoreDb => {
  const { connectionString, log = 0, patience = patient, room = roomy, quietMs = 5_000 } = options
  const onTrouble = options.onTrouble ?? (() => undefined)
  const connection = connect(connectionString)
  const source = { connection, log, callMs: patience.callMs }
  const admit = admission(room)
  const inTurn = atMost(readsAtOnce, patience.callMs)
  const read = <T>(work: () => Promise<T>): Promise<T> => inTurn(work).catch(unavailable)
  const closing = new AbortController()

  const ends = endsOf(async (stream, revision) => {
    const [line] = await inTurn(() => readStreamOf(source, stream, revision, 1, lineOf))
    return line
  })
  const appendChained = async (stream: StreamId, expected: ExpectedRevision, prepared: Prepared) => {
    const proposed = propose(prepared, stream, expected, await ends.before(stream, expected))
    const result = await appendTo(connection, log, patience, [stream, expected, proposed])
    // What a process does can be done twice, and the answer would be about the first time, of which we have not the text.
    const isOnce = prepared.events.every(({ metadata }) => metadata.cause === undefined)
    if (result.type === 'appended' && isOnce) ends.know(stream, { revision: result.revision, hash: proposed.hash })
    return result
  }
  return {
    append: async (stream, expected, events) => {
      checkAppend(stream, expected, events)
      const prepared = prepare(events)
      const size: Room = { events: events.length, bytes: prepared.bytes }
      return admit(size, () => appendChained(stream, expected, prepared)).catch(unavailable)
    },
    readStream: (stream, from = 0, limit = Number.MAX_SAFE_INTEGER) =>
      read(() => readStreamOf(source, stream, from, limit, recorded, (last) => ends.know(stream, lineOf(last)))),
    streamFrom: (stream, from) => read(() => readStreamOf(source, stream, from, Number.MAX_SAFE_INTEGER, asItIs)),
    streamRevision: (stream) => read(() => lastRevision(source, stream)),
    head: async () => positionOf({ log, sequence: await read(() => lastSequence(source)) }),
    readAll: (from, limit) => read(() => readAllOf(source, from, limit)),
    subscribe: (from, signal) => {
      const until = AbortSignal.any([signal, closing.signal])
      return subscribeTo({ ...source, quietMs }, from, until, onTrouble)
    },
    close: async () => {
      closing.abort()
      await connection.close()
    },
  }
}
