import { createChangeMerchant } from '../../command-side/merchants/change-merchant.ts'
import { createMerchantStates } from '../../command-side/merchants/merchant-states.ts'
import { readToken } from '../../infra/auth/token.ts'
import type { Config } from '../../infra/config/load-config.ts'
import { StartError } from '../start-error.ts'
import { merchantOrHouse } from './owner.ts'
import { withEventLog } from './with-event-log.ts'

/** Revokes a key, given whole or by its id, and gives the id. Revoking it again is no error. Throws a `StartError`. */
export const revokeKey = async (config: Config, key: string, options: { merchant?: string }): Promise<string> => {
  const token = readToken(key)
  const merchantId = token?.merchantId ?? merchantOrHouse(options.merchant)
  const keyId = token?.keyId ?? key
  const changed = await withEventLog(config, (store) =>
    createChangeMerchant(store, createMerchantStates(store, 1))(merchantId, {
      command: { type: 'revokeKey', now: new Date().toISOString(), keyId },
      metadata: {},
    }),
  )
  if (changed.type === 'accepted' || changed.rejection === 'keyRevoked') return keyId
  throw new StartError(`the key was not revoked: ${changed.rejection}`)
}
