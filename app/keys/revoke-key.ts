import { createChangeMerchant } from '../../command-side/merchants/change-merchant.ts'
import { createMerchantStates } from '../../command-side/merchants/merchant-states.ts'
import { readToken } from '../../infra/auth/token.ts'
import type { Config } from '../../infra/config/load-config.ts'
import { StartError } from '../start-error.ts'
import { merchantOrHouse } from './owner.ts'
import { withEventLog } from './with-event-log.ts'
import { withMerchantCache } from './with-merchant-cache.ts'

/**
 * Revokes a key, given whole or by its id, and gives the id. Revoking it again is no error. Throws a `StartError`.
 * `onUntold`: instances that have it in memory could not be told, and take it until the projections tell them.
 */
export const revokeKey = async (
  config: Config,
  key: string,
  options: { merchant?: string },
  onUntold: () => void,
): Promise<string> => {
  const token = readToken(key)
  const merchantId = token?.merchantId ?? merchantOrHouse(options.merchant)
  const keyId = token?.keyId ?? key
  const revocation = {
    command: { type: 'revokeKey', now: new Date().toISOString(), keyId },
    metadata: {},
  } as const
  const changed = await withEventLog(config, (store) =>
    withMerchantCache(config, store, onUntold, (cache) =>
      createChangeMerchant(store, createMerchantStates(store, 1), cache)(merchantId, revocation),
    ),
  )
  if (changed.type === 'accepted' || changed.rejection === 'keyRevoked') return keyId
  throw new StartError(`the key was not revoked: ${changed.rejection}`)
}
