import type { GatewayOutcome } from '../../domain/payment/command.ts'
import type { Gateway, GatewayLookup, GatewayOperation } from '../gateway.ts'

/** A gateway that answers when a test says so, and knows of an operation what the test says. */
export type ScriptedGateway = Gateway & {
  /** What it was asked to do, in order. */
  readonly asked: readonly GatewayOperation[]
  /** What it was asked about later, in order. */
  readonly lookedUp: readonly GatewayOperation[]
  /** Answers all calls that are open. */
  answer(outcome: GatewayOutcome): void
  /** What lookups find from now on. */
  find(found: GatewayLookup): void
}

export const scriptedGateway = (name = 'scripted'): ScriptedGateway => {
  const asked: GatewayOperation[] = []
  const lookedUp: GatewayOperation[] = []
  let open: ((outcome: GatewayOutcome) => void)[] = []
  let found: GatewayLookup = { type: 'pending' }
  const call = (operation: GatewayOperation): Promise<GatewayOutcome> =>
    new Promise((resolve) => {
      asked.push(operation)
      open.push(resolve)
    })
  return {
    name,
    asked,
    lookedUp,
    authorize: call,
    capture: call,
    increment: call,
    void: call,
    refund: call,
    lookup: (operation) => {
      lookedUp.push(operation)
      return Promise.resolve(found)
    },
    answer: (outcome) => {
      for (const resolve of open) resolve(outcome)
      open = []
    },
    find: (given) => {
      found = given
    },
  }
}
