import type { Answer } from '../answer.ts'
import { EventStoreBusy } from '../event-store.ts'
import type { Gateways, Unknown } from '../gateways.ts'
import type { InTurn } from '../in-turn.ts'
import type { OpenCalls } from '../open-calls.ts'
import { answerOf, type Recorded } from './answer-of.ts'
import { operationOf } from './operation.ts'
import { type PaymentTools, recordOutcome } from './record-outcome.ts'

/** What it takes to have a command done. */
export type FinishTools = PaymentTools & {
  readonly gateways: Gateways
  readonly openCalls: OpenCalls
  /** Commands of this process on one payment append one after another. */
  readonly turns: InTurn
}

/** Has the gateway do what a recorded event intends, if it intends anything, and answers the call that recorded it. */
export const finish = async (tools: FinishTools, recorded: Recorded, callId: string): Promise<Answer> => {
  const { gateways, openCalls, turns } = tools
  const { event, payment } = recorded
  const operation = operationOf(event, payment)
  if (operation === undefined) return answerOf(recorded, false)

  const outcome = openCalls.maySend(event) ? await gateways.send(payment.gateway, operation) : tooLate
  if (outcome.type !== 'unknown') {
    const signature = { commandKey: `${callId} outcome`, metadata: event.metadata }
    const record = () =>
      openCalls.isOpen(event) ? recordOutcome(tools, payment, operation, outcome, signature) : undefined
    const done = await turns(payment.id, record).catch(undefinedIfBusy)
    if (done !== undefined) return answerOf(done, false)
  }
  // What the gateway made of it is left to the resolver.
  openCalls.close(event)
  return answerOf(recorded, false)
}

/** The resolver may have asked for it already, and recorded that the gateway has never heard of it. */
const tooLate: Unknown = { type: 'unknown' }

const undefinedIfBusy = (error: unknown): undefined => {
  if (!(error instanceof EventStoreBusy)) throw error
}
