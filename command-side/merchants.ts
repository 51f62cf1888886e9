import type { FeeSchedule } from '../domain/merchant/fees.ts'

/** What commands need to know of a merchant; the defaults of the house for one that has set nothing. */
export type Merchants = {
  feesOf(merchantId: string): Promise<FeeSchedule>
  /** The name of the gateway that the merchant's payments go to. */
  gatewayOf(merchantId: string): Promise<string>
}
