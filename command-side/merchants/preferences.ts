import type { Merchants } from '../merchants.ts'
import type { MerchantStates } from './merchant-states.ts'

/** What merchants have chosen, or the house's defaults. */
export const merchantPreferences = (merchants: MerchantStates, defaultGateway: string): Merchants => ({
  feesOf: async (merchantId) => (await merchants(merchantId)).fees,
  gatewayOf: async (merchantId) => (await merchants(merchantId)).gateway || defaultGateway,
})
