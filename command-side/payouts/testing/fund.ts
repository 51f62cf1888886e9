import type { Unsettled } from '../../../domain/merchant/command.ts'
import type { ChangeMerchant } from '../../merchants/change-merchant.ts'
import { idOf } from '../../uuid.ts'

/** Registers a merchant where it is unknown, and settles for it: the first time from the log's beginning. */
export const fund = async (
  changeMerchant: ChangeMerchant,
  merchantId: string,
  settlement: Partial<Unsettled>,
): Promise<void> => {
  const now = new Date().toISOString()
  await changeMerchant(merchantId, {
    command: { type: 'registerMerchant', now, merchantId, name: 'Asha' },
    metadata: {},
  })
  const settled = await changeMerchant(merchantId, {
    command: {
      type: 'settle',
      now,
      settlementId: idOf('st', merchantId),
      merchantId,
      currency: 'INR',
      gross: 0n,
      refunds: 0n,
      disputes: 0n,
      fees: 0n,
      payments: 1,
      from: '0',
      to: '1',
      ...settlement,
    },
    metadata: {},
  })
  if (settled.type === 'rejected') throw new Error(settled.rejection)
}
