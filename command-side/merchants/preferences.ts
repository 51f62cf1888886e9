import { initialMerchant } from '../../domain/merchant/evolve.ts'
import type { Merchant } from '../../domain/merchant/state.ts'
import type { Merchants } from '../merchants.ts'
import type { MerchantCache } from './merchant-cache.ts'

type Chosen = Pick<Merchant, 'fees' | 'gateway'>

/** What merchants have chosen, or the house's defaults. */
export const merchantPreferences = (
  chosenBy: (merchantId: string) => Promise<Chosen>,
  defaultGateway: string,
): Merchants => ({
  feesOf: async (merchantId) => (await chosenBy(merchantId)).fees,
  gatewayOf: async (merchantId) => (await chosenBy(merchantId)).gateway || defaultGateway,
})

/** What merchants had chosen a moment ago. */
export const chosenLately =
  ({ details }: MerchantCache): ((merchantId: string) => Promise<Chosen>) =>
  async (merchantId) =>
    (await details(merchantId)) ?? initialMerchant
