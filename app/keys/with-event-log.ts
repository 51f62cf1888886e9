import type { EventStore } from '../../command-side/event-store.ts'
import type { Config } from '../../infra/config/load-config.ts'
import { openEventLog } from '../../infra/lmdb/event-log.ts'
import { openDataFolder } from '../data-folder.ts'
import { assertEmbedded } from '../embedded-only.ts'

/** Does something with the log of the data folder, whether a server runs on it or not, and closes it again. */
export const withEventLog = async <T>(config: Config, work: (store: EventStore) => Promise<T>): Promise<T> => {
  assertEmbedded(config)
  const folder = await openDataFolder(config.DAYBOOK_DATA)
  const log = openEventLog({ path: folder.log })
  try {
    return await work(log)
  } finally {
    await log.close()
  }
}
