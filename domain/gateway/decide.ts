import { same } from '../same.ts'
import type { GatewayCommand } from './command.ts'
import type { GatewayEvent } from './event.ts'
import type { GatewaySettings } from './state.ts'

/** What a command does to a gateway's settings: nothing where they are so already. None is refused. */
export const decideGateway = (command: GatewayCommand, settings: GatewaySettings): readonly GatewayEvent[] => {
  const { type, gateway } = command
  switch (type) {
    case 'configureGateway': {
      const { enabled } = command
      if (settings.revision >= 0 && settings.enabled === enabled) return []
      return [{ type: 'GatewayConfigured', data: { gateway, enabled } }]
    }
    case 'setMethodRules': {
      const { method, rules } = command
      const known = settings.methods.get(method)
      if (known !== undefined && same(known, rules)) return []
      return [{ type: 'MethodRulesSet', data: { gateway, method, ...rules } }]
    }
  }
}
