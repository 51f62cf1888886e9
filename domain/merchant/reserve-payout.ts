import { accept, type Decision, reject } from '../decider.ts'
import { present } from '../present.ts'
import type { ReservePayout } from './command.ts'
import type { MerchantEvent } from './event.ts'
import type { Merchant } from './state.ts'

/** The one place where a merchant's money is set aside: no merchant pays out more than it has. */
export const reservePayout = (command: ReservePayout, merchant: Merchant): Decision<MerchantEvent> => {
  const { payoutId, amount, currency, destination, reference, metadata } = command
  if (!merchant.registered) return reject('merchantNotFound')
  if (merchant.reservations.get(payoutId) !== undefined) return reject('payoutAlreadyReserved')
  if ((merchant.available.get(currency) ?? 0n) < amount) return reject('insufficientFunds')

  return accept({
    type: 'PayoutReserved',
    data: { merchantId: merchant.id, payoutId, amount, currency, destination, ...present({ reference, metadata }) },
  })
}
