import type { GatewayEvent } from '../gateway/event.ts'
import { evolveGateway, initialSettings } from '../gateway/evolve.ts'
import type { GatewaySettings } from '../gateway/state.ts'
import { secondsLater } from './payments.ts'

export const foldGateway = (events: readonly GatewayEvent[]): GatewaySettings =>
  events.reduce(
    (settings, event, index) => evolveGateway(settings, { ...event, recordedAt: secondsLater(index) }),
    initialSettings,
  )

export const disabled: GatewayEvent = { type: 'GatewayConfigured', data: { gateway: 'sandbox', enabled: false } }
export const enabled: GatewayEvent = { type: 'GatewayConfigured', data: { gateway: 'sandbox', enabled: true } }

/** 50 to 150 of INR. */
export const someLimits = { enabled: true, limits: [{ currency: 'INR', minAmount: 50n, maxAmount: 150n }] } as const
export const upiLimited: GatewayEvent = {
  type: 'MethodRulesSet',
  data: { gateway: 'sandbox', method: 'upi', ...someLimits },
}
