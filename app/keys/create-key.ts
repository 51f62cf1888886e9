import { issueKey } from '../../command-side/merchants/issue-key.ts'
import { newKey } from '../../infra/auth/keys.ts'
import type { Config } from '../../infra/config/load-config.ts'
import { StartError } from '../start-error.ts'
import { type OwnerOptions, ownerOf } from './owner.ts'
import { withEventLog } from './with-event-log.ts'

/** Makes a key and gives its token, which is kept nowhere. Throws a `StartError`. */
export const createKey = async (config: Config, options: OwnerOptions): Promise<string> => {
  const merchantId = ownerOf(options)
  const { token, keyId, hash } = newKey(merchantId)
  const issued = await withEventLog(config, (store) =>
    issueKey(store, { merchantId, role: options.role, keyId, hash, now: new Date().toISOString() }),
  )
  if (issued.type === 'rejected') throw new StartError(`the key was refused: ${issued.rejection}`)
  return token
}
