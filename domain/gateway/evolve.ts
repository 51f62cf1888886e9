import type { Dated } from '../event.ts'
import type { GatewayEvent } from './event.ts'
import type { GatewaySettings } from './state.ts'

/** The settings of a gateway for which nobody has set anything. */
export const initialSettings: GatewaySettings = { enabled: true, methods: new Map(), revision: -1 }

/** The settings after the event. */
export const evolveGateway = (settings: GatewaySettings, event: Dated<GatewayEvent>): GatewaySettings => ({
  ...settings,
  ...changes(settings, event),
  revision: settings.revision + 1,
})

/** What the event changes of the settings. */
const changes = ({ methods }: GatewaySettings, { type, data }: GatewayEvent): Partial<GatewaySettings> => {
  switch (type) {
    case 'GatewayConfigured':
      return { enabled: data.enabled }
    case 'MethodRulesSet':
      return { methods: new Map(methods).set(data.method, { enabled: data.enabled, limits: data.limits }) }
  }
}
