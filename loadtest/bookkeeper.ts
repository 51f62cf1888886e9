import { dirname, join } from 'node:path'
import { openKeyFolder } from '../infra/keys/key-folder.ts'
import { type EventLog, openEventLog } from '../infra/lmdb/event-log.ts'
import { openedEvents } from '../personal/opening.ts'
import { type Checked, checkOverHttp, checkWithLog, foldToHead, notFolded } from './books/books.ts'
import type { Books } from './result.ts'
import type { Target } from './target.ts'

/** Checks one run after the other on one system. */
export type Bookkeeper = {
  /** Before a run: what is there now is no part of it. */
  before(): Promise<void>
  /** After a run, with its projections at the head of the log. */
  check(checked: Checked): Promise<Books>
}

// So many payments of a run are folded one by one, each with a look into the log or a request; of longer runs an even
// share, while what was acknowledged and what everything adds up to is checked in full.
const mostStreams = 500_000
const mostStreamsOverHttp = 100_000

/** Reads the log itself where the system is our own, once more than HTTP tells. */
export const createBookkeeper = ({ own }: Target): Bookkeeper => {
  if (own === undefined) {
    return { before: async () => undefined, check: (checked) => checkOverHttp(checked, mostStreamsOverHttp) }
  }
  const folded = notFolded()
  /** Streams as clients are shown them: what is personal in the log is sealed. */
  const withLog = async <T>(work: (log: EventLog) => Promise<T>): Promise<T> => {
    const log = openEventLog({ path: own.log, readOnly: true })
    const keys = openKeyFolder(join(dirname(own.log), 'keys'))
    try {
      return await work({
        ...log,
        readStream: async (...given) => openedEvents(await log.readStream(...given), keys),
      })
    } finally {
      await keys.close()
      await log.close()
    }
  }
  return {
    before: () => withLog((log) => foldToHead(log, folded)),
    check: (checked) => withLog((log) => checkWithLog(checked, log, folded, mostStreams)),
  }
}
