import { accept } from '../decider.ts'
import { isGatewayEvent } from '../event-types.ts'
import { gatewayStream } from '../event.ts'
import type { Rules, Told } from '../judge.ts'
import type { GatewayCommand } from './command.ts'
import { decideGateway } from './decide.ts'
import type { GatewayEvent } from './event.ts'
import { evolveGateway, initialSettings } from './evolve.ts'
import type { GatewaySettings } from './state.ts'

/**
 * How a gateway's stream is judged. It cannot tell whether an operator set something else, nor whether there is such a
 * currency or a limit that any amount is within: requests are held to that. What is so already is not set again.
 */
export const gatewayRules: Rules<GatewaySettings, GatewayEvent> = {
  initialState: initialSettings,
  evolve: evolveGateway,
  belongs: isGatewayEvent,
  streamOf: ({ data }) => gatewayStream(data.gateway),
  decide: (event, settings) => accept(...decideGateway(commandOf(event), settings)),
  told: (decided) => decided,
}

/** The command that can have made the event. */
const commandOf = ({ type, data }: Told & GatewayEvent): GatewayCommand => {
  switch (type) {
    case 'GatewayConfigured':
      return { type: 'configureGateway', gateway: data.gateway, enabled: data.enabled }
    case 'MethodRulesSet': {
      const { gateway, method, enabled, limits } = data
      return { type: 'setMethodRules', gateway, method, rules: { enabled, limits } }
    }
  }
}
