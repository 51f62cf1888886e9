import { setTimeout as delay } from 'node:timers/promises'
import type { Gateway, GatewayLookup, GatewayOperation } from '../../command-side/gateway.ts'
import type { GatewayOutcome } from '../../domain/payment/command.ts'
import { type Behaviour, behaviourOf } from './behaviour.ts'

/**
 * A gateway that moves no money and does what the payment's method says (docs/SANDBOX.md). It remembers nothing:
 * the same operation always has the same outcome, so `lookup` is right after any crash.
 */
export const sandboxGateway = ({ latencyMs }: { readonly latencyMs: number }): Gateway => {
  const perform = async (operation: GatewayOperation, signal: AbortSignal): Promise<GatewayOutcome> => {
    const behaviour = behaviourOf(operation)
    const waitMs = latencyMs + behaviour.delayMs
    if (waitMs > 0) await delay(waitMs, undefined, { signal })
    if (!behaviour.answers) await forever(signal)
    return outcomeOf(operation, behaviour)
  }
  const lookup = async (operation: GatewayOperation, signal: AbortSignal): Promise<GatewayLookup> => {
    const behaviour = behaviourOf(operation)
    if (latencyMs > 0) await delay(latencyMs, undefined, { signal })
    return behaviour.received ? outcomeOf(operation, behaviour) : { type: 'notFound' }
  }
  return {
    name: 'sandbox',
    authorize: perform,
    capture: perform,
    increment: perform,
    void: perform,
    refund: perform,
    lookup,
  }
}

const outcomeOf = ({ reference }: GatewayOperation, { decline }: Behaviour): GatewayOutcome =>
  decline === undefined
    ? { type: 'approved', gatewayReference: `sandbox-${reference}` }
    : { type: 'declined', ...decline }

const forever = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const giveUp = () => {
      reject(new Error('the caller gave up'))
    }
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { once: true })
  })
