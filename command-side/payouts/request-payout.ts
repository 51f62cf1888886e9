import type { RecordedEvent } from '../../domain/event.ts'
import type { PayoutEvent } from '../../domain/payout/event.ts'
import type { Answer } from '../answer.ts'
import { EventStoreBusy } from '../event-store.ts'
import { answerOf } from './answer-of.ts'
import type { PayoutCall } from './call.ts'
import type { Recorded } from './change-payout.ts'
import { recordedBefore } from './replay.ts'
import { releaseIfPossible, reserve } from './reservation.ts'
import { begin, recordOutcome, sendPayout } from './steps.ts'
import { readPayout } from './stream.ts'
import type { PayoutTools } from './tools.ts'

/**
 * Reserves the money in the merchant's stream, makes the payout, has the bank send it. After a crash between two steps
 * the same call goes on from what is in the log, and so does `finishPayout`. Throws a `Problem` for what is refused.
 */
export const requestPayout = async (tools: PayoutTools, call: PayoutCall): Promise<Answer> => {
  const events = await readPayout(tools.store, call.payoutId)
  if (events.length > 0) return replay(tools, events, call)

  const begun = await begin(tools, await reserve(tools, call))
  if (begun.type !== 'recorded') return replay(tools, await readPayout(tools.store, call.payoutId), call)
  return answerOf(await send(tools, begun), 201, false)
}

const replay = (tools: PayoutTools, events: readonly RecordedEvent<PayoutEvent>[], call: PayoutCall): Answer => {
  const recorded = recordedBefore(events, call, tools.openCalls.isOpen)
  if (recorded === undefined) throw new Error(`${call.payoutId} was made under another key`)
  return answerOf(recorded, 201, true)
}

/** The payout as of the last event that this call brings about. */
const send = async (tools: PayoutTools, begun: Recorded): Promise<Recorded> => {
  const recorded = await sendAndRecord(tools, begun)
  if (recorded === undefined) tools.openCalls.close(begun.event)
  if (recorded?.payout.status === 'failed') await releaseIfPossible(tools, recorded.payout)
  return recorded ?? begun
}

const sendAndRecord = async (tools: PayoutTools, { payout, event }: Recorded): Promise<Recorded | undefined> => {
  const outcome = await sendPayout(tools, payout)
  if (outcome.type === 'unknown' || !tools.openCalls.isOpen(event)) return undefined
  try {
    return await recordOutcome(tools, payout, outcome, event.metadata)
  } catch (error) {
    if (error instanceof EventStoreBusy) return undefined
    throw error
  }
}
