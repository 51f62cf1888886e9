import { createMerchantStates } from '../../command-side/merchants/merchant-states.ts'
import type { Config } from '../../infra/config/load-config.ts'
import { merchantOrHouse } from './owner.ts'
import { withEventLog } from './with-event-log.ts'

/** A line for each key of the merchant, or of the house: id, role, and whether it is revoked. Never the key itself. */
export const listKeys = async (config: Config, options: { merchant?: string }): Promise<readonly string[]> => {
  const merchantId = merchantOrHouse(options.merchant)
  const { keys } = await withEventLog(config, (store) => createMerchantStates(store, 1)(merchantId))
  return Array.from(keys.values(), ({ id, role, revoked }) => `${id}\t${role}\t${revoked ? 'revoked' : 'active'}`)
}
