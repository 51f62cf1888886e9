import type { Answer } from '../answer.ts'
import type { MoveCall, PayoutCall } from './call.ts'
import { finishPayout } from './finish.ts'
import { movePayout } from './move-payout.ts'
import { requestPayout } from './request-payout.ts'
import type { PayoutTools } from './tools.ts'

/**
 * Takes commands on payouts. Throws a `Problem` for what is refused; everything that was recorded is an answer, and
 * the same one at every repetition.
 */
export type Payouts = {
  request(call: PayoutCall): Promise<Answer>
  move(call: MoveCall): Promise<Answer>
  /** Does what a crash or a silent bank left undone. Safe to call at any time, for any payout. */
  finish(payoutId: string, merchantId: string): Promise<void>
}

export const createPayouts = (tools: PayoutTools): Payouts => ({
  request: (call) => requestPayout(tools, call),
  move: (call) => movePayout(tools, call),
  finish: (payoutId, merchantId) => finishPayout(tools, payoutId, merchantId),
})
