import type { Payout, PayoutState } from '../../domain/payout/state.ts'
import type { BankOutcome } from './bank.ts'
import { release, reservationOf } from './reservation.ts'
import { begin, orderOf, recordOutcome, sendPayout } from './steps.ts'
import { foldPayout, readPayout } from './stream.ts'
import type { PayoutTools } from './tools.ts'

const cause = 'resolver'

/**
 * Takes the steps that a crash or a silent bank left out: makes the payout of a reservation, asks the bank about one
 * that was requested, gives back the money of one that failed or came back. Can be repeated; does nothing where there
 * is nothing to do.
 */
export const finishPayout = async (tools: PayoutTools, payoutId: string, merchantId: string): Promise<void> => {
  const payout =
    foldPayout(await readPayout(tools.store, payoutId)) ?? (await beginLeftOut(tools, payoutId, merchantId))
  const current = payout?.status === 'requested' ? await resolve(tools, payout) : payout
  if (current?.status === 'failed' || current?.status === 'returned') await release(tools, merchantId, payoutId)
}

const beginLeftOut = async (tools: PayoutTools, payoutId: string, merchantId: string): Promise<PayoutState> => {
  const reservation = await reservationOf(tools, merchantId, payoutId)
  if (reservation === undefined) return undefined
  const begun = await begin(tools, reservation, { cause })
  return begun.type === 'recorded' ? begun.payout : undefined
}

/** The payout with the bank's outcome, or undefined where there is none yet or somebody else has recorded one. */
const resolve = async (tools: PayoutTools, payout: Payout): Promise<PayoutState> => {
  const outcome = await outcomeOf(tools, payout)
  if (outcome === undefined) return undefined
  const recorded = await recordOutcome(tools, payout, outcome, { merchantId: payout.merchantId, cause })
  return recorded?.payout
}

const outcomeOf = async (tools: PayoutTools, payout: Payout): Promise<BankOutcome | undefined> => {
  const found = await tools.bank.lookup(orderOf(payout))
  const known = found.type === 'notFound' ? await sendPayout(tools, payout) : found
  return known.type === 'sent' || known.type === 'failed' ? known : undefined
}
