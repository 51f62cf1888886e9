import { eachOf, forThisRound } from './each-of.ts'
import type { Logger } from './logger.ts'
import type { Round } from './loop.ts'
import type { Payouts } from './payouts/payouts.ts'
import type { WorkList } from './work-list.ts'

/** Takes for payouts the steps that a crash or a silent bank left out. `openForMs`: how long a call may still take them itself. */
export const payoutRound = (tools: {
  readonly payouts: Pick<Payouts, 'finish'>
  readonly workList: WorkList
  readonly clock: () => number
  readonly openForMs: number
  readonly logger: Logger
}): Round => {
  const { payouts, workList, clock, openForMs, logger } = tools
  return async (signal) => {
    const olderThan = new Date(clock() - openForMs).toISOString()
    const open = await forThisRound((limit) => workList.openPayouts(olderThan, limit))
    await eachOf(open, ({ payoutId, merchantId }) => payouts.finish(payoutId, merchantId), signal, logger)
  }
}
