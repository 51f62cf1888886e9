import { type EventStore, EventStoreBusy } from '../command-side/event-store.ts'
import { EventLogFailure } from '../infra/lmdb/commit.ts'

/** What others want to hear of appends. */
export type Watchers = {
  onAppended(types: readonly string[]): void
  /** The disk takes nothing any more, and will not before somebody looks after it. */
  onDiskFailure(error: EventLogFailure): void
}

/** LMDB reports a full disk as an input/output error. */
const ofDisk = /Input\/output error|No space left|[Qq]uota exceeded|Read-only file system/

/** The same store, watched. After a disk failure its clients are told to come again: this process is about to end. */
export const watchedStore = (store: EventStore, { onAppended, onDiskFailure }: Watchers): EventStore => ({
  async append(stream, expected, events) {
    try {
      const result = await store.append(stream, expected, events)
      if (result.type === 'appended') onAppended(events.map(({ type }) => type))
      return result
    } catch (error) {
      if (!(error instanceof EventLogFailure && ofDisk.test(error.message))) throw error
      onDiskFailure(error)
      throw new EventStoreBusy('the disk takes nothing', { cause: error })
    }
  },
  readStream: (stream, from, limit) => store.readStream(stream, from, limit),
  streamRevision: (stream) => store.streamRevision(stream),
  head: () => store.head(),
})
