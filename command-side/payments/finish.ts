import type { Answer } from '../answer.ts'
import { EventStoreBusy } from '../event-store.ts'
import type { GatewayOperation } from '../gateway.ts'
import type { Gateways } from '../gateways.ts'
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
  const operation = operationOf(recorded.event, recorded.payment)
  if (operation === undefined) return answerOf(recorded, false)
  const outcome = await send(tools, recorded, operation, callId)
  if (outcome === undefined) tools.openCalls.close(recorded.event)
  return answerOf(outcome ?? recorded, false)
}

/** The payment with the gateway's outcome; undefined where that is left to the resolver. */
const send = async (
  tools: FinishTools,
  { event, payment }: Recorded,
  operation: GatewayOperation,
  callId: string,
): Promise<Recorded | undefined> => {
  const { gateways, openCalls, turns } = tools
  const outcome = await gateways.send(payment.gateway, operation)
  if (outcome.type === 'unknown') return undefined
  const signature = { commandKey: `${callId} outcome`, metadata: event.metadata }
  try {
    return await turns(payment.id, async () =>
      openCalls.isOpen(event) ? recordOutcome(tools, payment, operation, outcome, signature) : undefined,
    )
  } catch (error) {
    if (error instanceof EventStoreBusy) return undefined
    throw error
  }
}
