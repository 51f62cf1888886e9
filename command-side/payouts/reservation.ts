import { type EventMetadata, merchantStream, type NewEvent } from '../../domain/event.ts'
import type { PayoutReserved } from '../../domain/merchant/event.ts'
import type { Payout } from '../../domain/payout/state.ts'
import { refuseReuse } from '../idempotency.ts'
import { refusal } from '../refusal.ts'
import type { PayoutCall } from './call.ts'
import { nowOf, type PayoutTools } from './tools.ts'

/** A payout's order as the merchant's stream keeps it, and whose call it was. */
export type Reservation = PayoutReserved & { readonly metadata: EventMetadata }

/**
 * Sets the money of a payout aside, once: a call that finds its reservation made goes on from that one. Throws 422
 * `insufficientFunds`, 404 `merchantNotFound`, or 422 `idempotencyKeyReused` where another command made it.
 */
export const reserve = async (tools: PayoutTools, call: PayoutCall): Promise<Reservation> => {
  const { payoutId, merchantId, amount, currency, order, key, fingerprint, traceId } = call
  const changed = await tools.changeMerchant(merchantId, {
    command: { type: 'reservePayout', now: nowOf(tools), payoutId, amount, currency, ...order },
    metadata: { key, fingerprint, traceId },
  })
  if (changed.type === 'accepted') return reservedBy(changed.events, payoutId)
  if (changed.rejection !== 'payoutAlreadyReserved') throw refusal(changed.rejection)

  const earlier = await reservationOf(tools, merchantId, payoutId)
  if (earlier === undefined) throw new Error(`The reservation of ${payoutId} is gone`)
  refuseReuse([earlier], call)
  return earlier
}

/** The reservation of a payout; undefined where none was ever made. */
export const reservationOf = async (
  { merchants, store }: PayoutTools,
  merchantId: string,
  payoutId: string,
): Promise<Reservation | undefined> => {
  const place = (await merchants(merchantId)).reservations.get(payoutId)
  if (place === undefined) return undefined
  return reservedBy(await store.readStream(merchantStream(merchantId), place.revision, 1), payoutId)
}

const reservedBy = (events: readonly NewEvent[], payoutId: string): Reservation => {
  const [event] = events
  if (event?.type === 'PayoutReserved' && event.data.payoutId === payoutId) return event
  throw new Error(`The reservation of ${payoutId} is not in its place`)
}

/** Gives a payout's money back, unless that has been done. */
export const release = async (tools: PayoutTools, merchantId: string, payoutId: string): Promise<void> => {
  const changed = await tools.changeMerchant(merchantId, {
    command: { type: 'releasePayout', now: nowOf(tools), payoutId },
    metadata: { cause: 'payout' },
  })
  if (changed.type === 'rejected' && changed.rejection !== 'reservationNotFound') throw refusal(changed.rejection)
}

/** The same, for a call whose answer does not depend on it: what fails here is done by `finishPayout`. */
export const releaseIfPossible = async (tools: PayoutTools, { merchantId, id }: Payout): Promise<void> => {
  try {
    await release(tools, merchantId, id)
  } catch (error) {
    tools.logger.warn({ merchantId, payoutId: id, error }, 'release of a payout put off')
  }
}
