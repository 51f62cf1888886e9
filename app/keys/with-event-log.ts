import type { EventStore } from '../../command-side/event-store.ts'
import type { Config } from '../../infra/config/load-config.ts'
import { openDataFolder } from '../data-folder.ts'
import { openLogs } from '../engines/event-store.ts'

/** Does something with the event store, whether a server runs on it or not, and closes it again. */
export const withEventLog = async <T>(config: Config, work: (store: EventStore) => Promise<T>): Promise<T> => {
  if (config.EVENT_STORE === 'lmdb') await openDataFolder(config.DAYBOOK_DATA)
  const { all } = openLogs(config, { onTrouble: () => undefined })
  try {
    return await work(all)
  } finally {
    await all.close()
  }
}
