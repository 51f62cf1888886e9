import type { RequestPayout } from '../payout/command.ts'
import type { PayoutEvent } from '../payout/event.ts'
import { evolvePayout } from '../payout/evolve.ts'
import type { Payout, PayoutState } from '../payout/state.ts'
import { secondsLater } from './payments.ts'

export const payoutId = 'po_00000000000000000000000000000001'
const common = { payoutId, merchantId: '1042', amount: 100n, currency: 'INR' } as const
const destination = { type: 'bankAccount', token: 'tok_1', last4: '6789' } as const

export const foldPayout = (events: readonly PayoutEvent[]): PayoutState =>
  events.reduce<PayoutState>(
    (payout, event, index) => evolvePayout(payout, { ...event, recordedAt: secondsLater(index) }),
    undefined,
  )

/** The payout after at least one event. */
export const payoutAfter = (...events: readonly PayoutEvent[]): Payout => {
  const payout = foldPayout(events)
  if (payout === undefined) throw new Error('no events')
  return payout
}

export const requestPayoutCommand: RequestPayout = {
  type: 'requestPayout',
  now: secondsLater(0),
  ...common,
  bank: 'sandbox',
  destination,
}

export const payoutRequested: PayoutEvent = {
  type: 'PayoutRequested',
  data: { ...common, bank: 'sandbox', destination },
}
export const payoutSent: PayoutEvent = { type: 'PayoutSent', data: { ...common, bankReference: 'utr 1' } }
export const payoutSettled: PayoutEvent = { type: 'PayoutSettled', data: common }
export const bankFailure = { code: 'accountClosed', message: 'The account is closed' } as const
export const payoutFailed: PayoutEvent = { type: 'PayoutFailed', data: { ...common, ...bankFailure } }
export const payoutReturned = (settled: boolean): PayoutEvent => ({
  type: 'PayoutReturned',
  data: { ...common, ...bankFailure, settled },
})
