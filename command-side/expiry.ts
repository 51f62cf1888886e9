import { decidePayment } from '../domain/payment/decide.ts'
import { expiryCause } from '../domain/payment/expire.ts'
import { eachOf, forThisRound } from './each-of.ts'
import type { Logger } from './logger.ts'
import type { Round } from './loop.ts'
import { appendToPayment } from './payments/append.ts'
import type { PaymentTools } from './payments/record-outcome.ts'
import { foldPayment, readPayment } from './payments/stream.ts'
import type { WorkList } from './work-list.ts'

/** Records for authorizations whose time is over that what is left of them has lapsed. */
export const expiryRound = (
  tools: Pick<PaymentTools, 'store' | 'clock'> & { readonly workList: WorkList; readonly logger: Logger },
): Round => {
  const { store, workList, logger, clock } = tools

  const expire = async (paymentId: string, now: string): Promise<void> => {
    const payment = foldPayment(await readPayment(store, paymentId))
    if (payment === undefined) return
    const decision = decidePayment({ type: 'expire', now, forced: false }, payment)
    // Nothing left, or an operation without outcome: the next round asks again if the work list still does.
    if (decision.type === 'rejected') return
    const signature = { commandKey: 'expiry', metadata: { merchantId: payment.merchantId, cause: expiryCause } }
    await appendToPayment(store, paymentId, payment, decision.events, signature, now)
  }

  return async (signal) => {
    const now = new Date(clock()).toISOString()
    const paymentIds = await forThisRound((limit) => workList.expiredPayments(now, limit))
    await eachOf(paymentIds, (paymentId) => expire(paymentId, now), signal, logger)
  }
}
