import type { AppendResult, EventStore } from '../../command-side/event-store.ts'
import type { StreamId } from '../../domain/event.ts'
import { positionOf } from '../../domain/position.ts'
import type { LogReader } from '../../projections/log-reader.ts'
import type { StreamReader } from '../../projections/stream-reader.ts'
import { checkAppend } from '../append-check.ts'
import { type Append, prepare } from './append.ts'
import { canBegin, commit } from './commit.ts'
import { type Entry, eventAsItIs, recordedEvent } from './entry.ts'
import { checkThere, type Environment, renew } from './environment.ts'
import { type Commit, groupCommit } from './group-commit.ts'
import { batchAfter, headOf, streamEvents } from './read.ts'
import { openStore, type Store, type StoreOptions } from './store.ts'
import { subscription } from './subscription.ts'
import { writeGroup } from './write-group.ts'

export type EventLogOptions = StoreOptions & {
  /** How many appends may wait before `EventStoreBusy`; 16,384 when absent. */
  readonly maxQueued?: number
}

/** A log in a folder on local disk, shared by any number of processes. */
export type EventLog = EventStore &
  LogReader &
  StreamReader & {
    /** Waits for the appends under way, ends the subscriptions and closes the files. */
    close(): Promise<void>
  }

const mebibyte = 1024 * 1024
const readerCheckIntervalMs = 10_000

/** Opens the log. Throws where the folder cannot be used or, with `readOnly`, holds no log. */
export const openEventLog = (options: EventLogOptions): EventLog => {
  const { readOnly = false, maxQueued = 16_384 } = options
  let store = openStore(options)
  let usable = true
  const closing = new AbortController()

  const repair = async (): Promise<void> => {
    if (!canBegin(store.environment)) {
      checkThere(options.path)
      await store.environment.root.close()
      store = openStore(options)
    }
    usable = true
  }

  // A reader that was killed keeps pages from being used again until somebody notices.
  let readersCheckedAt = performance.now()
  const checkReaders = ({ root }: Environment): void => {
    if (performance.now() - readersCheckedAt < readerCheckIntervalMs) return
    readersCheckedAt = performance.now()
    root.readerCheck()
  }

  const commitGroup: Commit<Append, AppendResult> = async (take) => {
    if (!usable) await repair()
    usable = false
    try {
      const { environment, index } = store
      const { results, committed } = await commit(environment, () => writeGroup(environment, index, take()))
      usable = true
      committed()
      checkReaders(environment)
      return results
    } catch (error) {
      // Reads need it too. Where it does not succeed it is tried again for the next group, and theirs is the error.
      await repair().catch(() => undefined)
      throw error
    }
  }
  const groups = groupCommit(commitGroup, {
    groupItems: 1_024,
    groupBytes: 8 * mebibyte,
    queuedItems: maxQueued,
    queuedBytes: 128 * mebibyte,
  })

  const checkOpen = (): void => {
    if (closing.signal.aborted) throw new Error('the event log is closed')
  }

  const current = (): Store => {
    checkOpen()
    renew(store.environment)
    return store
  }

  /** The same, followed by the index. That begins with a get, so that it needs none of `renew`. */
  const followed = (): Store => {
    checkOpen()
    store.environment.root.resetReadTxn()
    store.index.follow()
    return store
  }

  const eventsOf = <Event>(
    stream: StreamId,
    from: number,
    limit: number,
    make: (entry: Entry, sequence: number) => Event,
  ): Event[] => {
    const { environment, index } = followed()
    return streamEvents(environment, stream, index.tail(stream), from, limit, make)
  }

  const readBatch = (from: string, limit: number) => batchAfter(current().environment, from, limit)

  return {
    // Not async, because that would be another promise for every append.
    append: (stream, expected, events) => {
      try {
        checkOpen()
        if (readOnly) throw new Error('the event log was opened to be read only')
        checkAppend(stream, expected, events)
        return groups.add(prepare(stream, expected, events))
      } catch (error) {
        return Promise.reject(error)
      }
    },
    readStream: async (stream, from = 0, limit = Number.MAX_SAFE_INTEGER) =>
      eventsOf(stream, from, limit, recordedEvent),
    streamFrom: async (stream, from) => eventsOf(stream, from, Number.MAX_SAFE_INTEGER, eventAsItIs),
    streamRevision: async (stream) => followed().index.tail(stream)?.revision ?? 'none',
    head: async () => positionOf({ log: 0, sequence: headOf(current().environment) }),
    readAll: async (from, limit) => readBatch(from, limit),
    subscribe: (from, signal) => subscription(from, AbortSignal.any([signal, closing.signal]), readBatch),
    close: async () => {
      if (closing.signal.aborted) return
      closing.abort()
      await groups.idle()
      await store.environment.root.close()
    },
  }
}
