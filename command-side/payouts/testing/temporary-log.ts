import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EventLog, openEventLog } from '../../../infra/lmdb/event-log.ts'

/** An event log in a folder that is removed at the end; `open` gives one more instance on the same folder. */
export const temporaryLog = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'daybook-log-'))
  const opened: EventLog[] = []
  const open = (): EventLog => {
    const log = openEventLog({ path: join(folder, 'log') })
    opened.push(log)
    return log
  }
  return {
    log: open(),
    open,
    remove: async () => {
      for (const log of opened) await log.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
