import fc from 'fast-check'
import type { Told } from '../judge.ts'
import type { MerchantCommand } from '../merchant/command.ts'
import { decideMerchant } from '../merchant/decide.ts'
import type { MerchantEvent } from '../merchant/event.ts'
import { evolveMerchant, initialMerchant } from '../merchant/evolve.ts'
import type { Merchant } from '../merchant/state.ts'
import { reserveCommand, settleCommand } from './merchants.ts'
import { secondsLater } from './payments.ts'

/** One thing that an operator, a run of settlement or a payout does at random. */
type Step = { readonly kind: MerchantCommand['type']; readonly pick: number; readonly amount: bigint }

const stepArbitrary: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom<MerchantCommand['type'][]>(
    'registerMerchant',
    'setFees',
    'setGateway',
    'issueKey',
    'revokeKey',
    'settle',
    'settle',
    'reservePayout',
    'reservePayout',
    'releasePayout',
    'releasePayout',
    'forgetPersonalData',
  ),
  pick: fc.nat(3),
  amount: fc.bigInt(1n, 400n),
})

const commandOf = ({ kind, pick, amount }: Step, merchant: Merchant, now: string): MerchantCommand => {
  const currency = pick === 0 ? 'USD' : 'INR'
  switch (kind) {
    case 'registerMerchant':
      return { type: kind, now, merchantId: '1042', name: `Shop ${pick}` }
    case 'setFees':
      return { type: kind, now, fees: { default: { basisPoints: pick, fixed: 0 } } }
    case 'setGateway':
      return { type: kind, now, gateway: `gateway ${pick}` }
    case 'issueKey':
      return { type: kind, now, keyId: `key_${pick}`, hash: 'ab'.repeat(32), role: 'merchant' }
    case 'revokeKey':
      return { type: kind, now, keyId: `key_${pick}` }
    case 'settle': {
      const from = merchant.settledTo.get(currency) ?? '0'
      const to = String(Number(from) + 1 + pick)
      return { ...settleCommand, now, settlementId: `st_${to}`, currency, gross: 2n * amount, fees: amount, from, to }
    }
    case 'reservePayout':
      return { ...reserveCommand, now, payoutId: `po_${pick}`, amount, currency }
    case 'releasePayout':
      return { type: kind, now, payoutId: `po_${pick}` }
    case 'forgetPersonalData': {
      const subject = { type: 'customer', id: `cust ${pick}` } as const
      return { type: kind, now, merchantId: '1042', subject, transactions: pick, reason: 'asked', by: 'key k_1' }
    }
  }
}

const play = (steps: readonly Step[]): readonly (Told & MerchantEvent)[] => {
  const events: (Told & MerchantEvent)[] = []
  let merchant = initialMerchant
  for (const [index, step] of steps.entries()) {
    const now = secondsLater(index)
    const decision = decideMerchant(commandOf(step, merchant, now), merchant)
    if (decision.type === 'rejected') continue
    for (const event of decision.events) {
      const told = { ...event, recordedAt: now, metadata: { merchantId: event.data.merchantId } }
      merchant = evolveMerchant(merchant, told)
      events.push(told)
    }
  }
  return events
}

/** What became of merchants when up to forty things were tried; some are settled before they are registered. */
export const merchantHistories = fc.array(stepArbitrary, { maxLength: 40, size: 'max' }).map(play)
