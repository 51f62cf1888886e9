import type { GatewayEvent } from '../gateway/event.ts'
import { evolveGateway, initialSettings } from '../gateway/evolve.ts'
import type { PaymentRules } from '../gateway/rules.ts'
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

/** What is against everything at once, for amounts beyond `someLimits`. */
export const nothingGoes: PaymentRules = { gatewayEnabled: false, method: { ...someLimits, enabled: false } }
export const notThisMethod: PaymentRules = { ...nothingGoes, gatewayEnabled: true }
export const limited: PaymentRules = { gatewayEnabled: true, method: someLimits }
