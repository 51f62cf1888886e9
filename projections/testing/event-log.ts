import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RecordedEvent } from '../../domain/event.ts'
import { type EventLog, openEventLog } from '../../infra/lmdb/event-log.ts'

/** A log on disk, in a folder of its own. */
export type TestEventLog = { readonly log: EventLog; readonly path: string; stop(): Promise<void> }

export const startEventLog = async (): Promise<TestEventLog> => {
  const path = await mkdtemp(join(tmpdir(), 'daybook-rebuild-'))
  const log = openEventLog({ path })
  return {
    log,
    path,
    stop: async () => {
      await log.close()
      await rm(path, { recursive: true })
    },
  }
}

/** Appends events where they stand in the log that they are from. */
export const appendAll = async (log: EventLog, events: readonly RecordedEvent[]): Promise<void> => {
  const results = events.map(({ stream, revision, id, type, version, recordedAt, metadata, data }) =>
    log.append(stream, revision === 0 ? 'none' : revision - 1, [
      {
        id,
        version,
        recordedAt,
        metadata,
        ...({ type, data } as Pick<RecordedEvent, 'type' | 'data'>),
      } as RecordedEvent,
    ]),
  )
  for (const { type } of await Promise.all(results)) if (type !== 'appended') throw new Error(`an event was ${type}`)
}
