import { Problem } from '../../http/problem.ts'
import type { Answer } from '../answer.ts'
import { refusal } from '../refusal.ts'
import { isId } from '../uuid.ts'
import { answerOf } from './answer-of.ts'
import type { MoveCall } from './call.ts'
import { changePayout } from './change-payout.ts'
import { recordedBefore } from './replay.ts'
import { releaseIfPossible } from './reservation.ts'
import { foldPayout, readPayout } from './stream.ts'
import { nowOf, type PayoutTools } from './tools.ts'

const maxAttempts = 10

/** Records what became of a payout; the money of one that failed or came back is the merchant's again. */
export const movePayout = async (tools: PayoutTools, call: MoveCall): Promise<Answer> => {
  if (!isId('po', call.payoutId)) throw refusal('payoutNotFound')
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const events = await readPayout(tools.store, call.payoutId)
    const payout = foldPayout(events)
    if (payout === undefined) throw refusal('payoutNotFound')

    const before = call.repeatable && recordedBefore(events, call.repeatable, tools.openCalls.isOpen)
    if (before !== undefined) return answerOf(before, 200, true)

    call.precondition(payout.revision)
    const { traceId, repeatable } = call
    const signed = repeatable && { key: repeatable.key, fingerprint: repeatable.fingerprint }
    const metadata = { merchantId: payout.merchantId, traceId, ...signed }
    const changed = await changePayout(tools.store, payout.id, payout, call.command(nowOf(tools)), metadata)
    if (changed.type === 'rejected') throw refusal(changed.rejection)
    if (changed.type === 'movedOn') continue

    const { status } = changed.payout
    if (status === 'failed' || status === 'returned') await releaseIfPossible(tools, changed.payout)
    return answerOf(changed, 200, false)
  }
  throw new Problem(409, 'conflict', 'The payout kept changing; try again', { headers: { 'Retry-After': '1' } })
}
