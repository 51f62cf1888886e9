import type { EventMetadata } from '../../domain/event.ts'
import type { PayoutCommand } from '../../domain/payout/command.ts'
import type { Payout, PayoutState } from '../../domain/payout/state.ts'
import { isForgotten, withoutSealed } from '../../domain/personal.ts'
import { resourceMembers } from '../../domain/personal-members.ts'
import type { Unknown } from '../gateways.ts'
import type { BankOrder, BankOutcome } from './bank.ts'
import { changePayout, type PayoutChanged, type Recorded } from './change-payout.ts'
import type { Reservation } from './reservation.ts'
import { foldPayout, readPayout } from './stream.ts'
import { nowOf, type PayoutTools } from './tools.ts'

const maxAttempts = 10

/** Makes the payout of a reservation, under the metadata of the call that made the reservation. */
export const begin = (
  tools: PayoutTools,
  { data, metadata }: Reservation,
  more: Partial<EventMetadata> = {},
): Promise<PayoutChanged> =>
  changePayout(
    tools.store,
    data.payoutId,
    undefined,
    { type: 'requestPayout', now: nowOf(tools), bank: tools.bank.name, ...data },
    { ...metadata, ...more },
  )

/**
 * Puts into the log what the bank said. Undefined when an outcome is there already, or when the payout moved on too
 * often: then the bank is asked again later.
 */
export const recordOutcome = async (
  tools: PayoutTools,
  payout: Payout,
  outcome: BankOutcome,
  metadata: EventMetadata,
): Promise<Recorded | undefined> => {
  let state: PayoutState = payout
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const changed = await changePayout(tools.store, payout.id, state, commandOf(outcome, nowOf(tools)), metadata)
    if (changed.type === 'recorded') return changed
    if (changed.type === 'rejected') return undefined
    state = foldPayout(await readPayout(tools.store, payout.id))
  }
  return undefined
}

const commandOf = (outcome: BankOutcome, now: string): PayoutCommand => {
  switch (outcome.type) {
    case 'sent':
      return { ...outcome, type: 'markSent', now }
    case 'failed':
      return { ...outcome, type: 'markFailed', now }
  }
}

/** What the bank is asked to do for a payout. */
export const orderOf = ({ id, merchantId, amount, currency, destination }: Payout): BankOrder => ({
  payoutId: id,
  merchantId,
  amount,
  currency,
  ...withoutSealed({ destination }, resourceMembers.payout),
})

const nowhere: BankOutcome = {
  type: 'failed',
  code: 'destinationForgotten',
  message: 'Where it was to go was forgotten before it was sent.',
}

/** Has the bank send a payout, unless nobody knows any more where to. */
export const sendPayout = async ({ bank }: PayoutTools, payout: Payout): Promise<BankOutcome | Unknown> =>
  isForgotten(payout, resourceMembers.payout) ? nowhere : bank.send(orderOf(payout))
