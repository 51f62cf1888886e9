import { join } from 'node:path'
import type { Config } from '../../infra/config/load-config.ts'
import { keysConnection } from '../../infra/config/keys-url.ts'
import { openKeyFolder } from '../../infra/keys/key-folder.ts'
import { openKeyTable } from '../../infra/postgres/key-table.ts'
import type { KeyStore } from '../../personal/key-store.ts'
import { StartError } from '../start-error.ts'

/**
 * Opens the keys of personal data where they are. Nothing is made before a key is needed. Throws a `StartError` where
 * events may be written on several machines and each would have keys that the others lack.
 */
export const openKeys = (config: Config, onLost: (error: Error) => void): KeyStore => {
  const { KEYS_URL: url, KEYS_DIR: folder, EVENT_STORE: eventStore, DAYBOOK_DATA: data } = config
  if (url !== undefined) return openKeyTable(keysConnection(url), onLost)
  if (folder === undefined && eventStore !== 'lmdb')
    throw new StartError(
      `KEYS_URL is required with EVENT_STORE=${eventStore}, or KEYS_DIR on a disk that all machines share`,
    )
  return openKeyFolder(folder ?? join(data, 'keys'))
}
