import type { MerchantDetails } from '../../domain/merchant/details.ts'

/** What spares commands a read of their merchant's stream, where each is a way over the network. */
export type MerchantCache = {
  /** As it was a moment ago; undefined for a merchant that nobody knows. Throws `EventStoreBusy`. */
  details(merchantId: string): Promise<Pick<MerchantDetails, 'fees' | 'gateway'> | undefined>
  /**
   * Hears of each merchant whose details were changed here before anybody is answered: how they are as of revision
   * `version` of its stream. Never rejects.
   */
  changed(details: MerchantDetails, version: number): Promise<void>
}
