import { merchantStream } from '../../../domain/event.ts'
import type { Unsettled } from '../../../domain/merchant/command.ts'
import type { PayoutBody } from '../../../domain/payout/request.ts'
import type { EventStore } from '../../event-store.ts'
import type { Logger } from '../../logger.ts'
import { createChangeMerchant } from '../../merchants/change-merchant.ts'
import { createMerchantStates } from '../../merchants/merchant-states.ts'
import { createOpenCalls } from '../../open-calls.ts'
import type { Bank } from '../bank.ts'
import { patientBank } from '../patient-bank.ts'
import { makePayoutCall } from '../payout-call.ts'
import { createPayouts } from '../payouts.ts'
import { fund } from './fund.ts'

const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** One process's payouts on an event store, for tests. */
export const openDesk = (
  store: EventStore,
  bank: Bank,
  { bankTimeoutMs = 10, openForMs = 60_000 }: { readonly bankTimeoutMs?: number; readonly openForMs?: number } = {},
) => {
  const clock = (): number => Date.now()
  const merchants = createMerchantStates(store, 100)
  const changeMerchant = createChangeMerchant(store, merchants)
  const payouts = createPayouts({
    store,
    merchants,
    changeMerchant,
    bank: patientBank(bank, bankTimeoutMs, silent),
    clock,
    openCalls: createOpenCalls({ sendWithinMs: openForMs, openForMs }, clock),
    logger: silent,
  })
  const payoutCall = makePayoutCall((code) => code === 'INR' || code === 'USD')
  return {
    payouts,
    payoutCall,
    merchants,
    changeMerchant,
    fund: (merchantId: string, settlement: Partial<Unsettled>) => fund(changeMerchant, merchantId, settlement),
    /** Registers a merchant with money to pay out. */
    open: (merchantId: string, available: bigint, currency = 'INR') =>
      fund(changeMerchant, merchantId, { currency, gross: available }),
    request: (merchantId: string, key: string, body: Partial<PayoutBody> = {}) =>
      payouts.request(
        payoutCall({ ...order, ...body }, () => key, {
          principal: { role: 'merchant', merchantId, keyId: 'k' },
          traceId: 'trace',
        }),
      ),
    available: async (merchantId: string, currency = 'INR'): Promise<bigint> =>
      (await merchants(merchantId)).available.get(currency) ?? 0n,
    /** How often each type of event stands in a stream. */
    counts: async (stream: string): Promise<Record<string, number>> => {
      const counts: Record<string, number> = {}
      for (const { type } of await store.readStream(stream)) counts[type] = (counts[type] ?? 0) + 1
      return counts
    },
    merchantCounts(merchantId: string) {
      return this.counts(merchantStream(merchantId))
    },
  }
}

/** What is asked for where a test does not care. */
export const order = {
  amount: 100,
  currency: 'INR',
  destination: { type: 'bankAccount', token: 'tok_1' },
} satisfies PayoutBody
