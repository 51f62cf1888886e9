import { isMerchantEvent } from '../event-types.ts'
import { merchantStream } from '../event.ts'
import type { Rules, Told } from '../judge.ts'
import type { MerchantCommand } from './command.ts'
import { decideMerchant } from './decide.ts'
import type { MerchantEvent } from './event.ts'
import { evolveMerchant, initialMerchant } from './evolve.ts'
import type { Merchant } from './state.ts'

/**
 * How a merchant's stream is judged. It cannot tell whether a settlement has all that was posted between its positions,
 * nor whether a payout whose money was released has failed or come back: both are in payments' and payouts' streams. What
 * an operator does as often as he likes, setting fees or the gateway and forgetting, leaves no trace where it is taken out or
 * repeated.
 */
export const merchantRules: Rules<Merchant, MerchantEvent> = {
  initialState: initialMerchant,
  evolve: evolveMerchant,
  belongs: isMerchantEvent,
  streamOf: ({ data }) => merchantStream(data.merchantId),
  decide: (event, merchant) => decideMerchant(commandOf(event), merchant),
  told: (decided) => decided,
}

/** The command that can have made the event. */
const commandOf = ({ type, data, recordedAt: now }: Told & MerchantEvent): MerchantCommand => {
  switch (type) {
    case 'MerchantRegistered':
      return { type: 'registerMerchant', now, ...data }
    case 'FeeScheduleSet':
      return { type: 'setFees', now, fees: data.fees }
    case 'GatewayPreferenceSet':
      return { type: 'setGateway', now, gateway: data.gateway }
    case 'ApiKeyIssued':
      return { type: 'issueKey', now, keyId: data.keyId, hash: data.hash, role: data.role }
    case 'ApiKeyRevoked':
      return { type: 'revokeKey', now, keyId: data.keyId }
    case 'SettlementRecorded': {
      // No capture costs more than itself.
      const fees = data.fees < data.gross ? data.fees : data.gross
      return { type: 'settle', now, ...data, fees }
    }
    case 'PayoutReserved':
      return { type: 'reservePayout', now, ...data }
    case 'PayoutReleased':
      return { type: 'releasePayout', now, payoutId: data.payoutId }
    case 'PersonalDataForgotten':
      return { type: 'forgetPersonalData', now, ...data }
  }
}
