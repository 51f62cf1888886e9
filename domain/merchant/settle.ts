import { accept, type Decision, reject } from '../decider.ts'
import { reached, start } from '../position.ts'
import type { Settle } from './command.ts'
import type { MerchantEvent } from './event.ts'
import type { Merchant } from './state.ts'

/** Takes one stretch of the log after another, so that each posting is settled exactly once. */
export const settle = (command: Settle, merchant: Merchant): Decision<MerchantEvent> => {
  const { merchantId, settlementId, currency, gross, refunds, disputes, fees, payments, from, to } = command
  if (from !== (merchant.settledTo.get(currency) ?? start)) return reject('settlementOutOfOrder')
  if (!reached(to, from)) return reject('settlementOutOfOrder')

  const net = gross - refunds - disputes - fees
  if (payments === 0 && net === 0n) return reject('nothingToSettle')

  return accept({
    type: 'SettlementRecorded',
    data: { merchantId, settlementId, currency, gross, refunds, disputes, fees, net, payments, from, to },
  })
}
