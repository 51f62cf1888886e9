import fc from 'fast-check'
import type { GatewayCommand } from '../gateway/command.ts'
import { decideGateway } from '../gateway/decide.ts'
import type { GatewayEvent } from '../gateway/event.ts'
import { evolveGateway, initialSettings } from '../gateway/evolve.ts'
import type { Told } from '../judge.ts'
import { house } from '../merchant/role.ts'
import { secondsLater } from './payments.ts'

const gateway = 'sandbox'

const commandArbitrary: fc.Arbitrary<GatewayCommand> = fc.oneof(
  fc.boolean().map((enabled) => ({ type: 'configureGateway', gateway, enabled }) as const),
  fc
    .record({ method: fc.constantFrom('upi', 'qr'), enabled: fc.boolean(), maxAmount: fc.bigInt(100n, 102n) })
    .map(({ method, enabled, maxAmount }) => {
      const limits = [{ currency: 'INR', minAmount: 1n, maxAmount }]
      return { type: 'setMethodRules', gateway, method, rules: { enabled, limits } } as const
    }),
)

const play = (commands: readonly GatewayCommand[]): readonly (Told & GatewayEvent)[] => {
  const events: (Told & GatewayEvent)[] = []
  let settings = initialSettings
  for (const [index, command] of commands.entries()) {
    for (const event of decideGateway(command, settings)) {
      const told = { ...event, recordedAt: secondsLater(index), metadata: { merchantId: house } }
      settings = evolveGateway(settings, told)
      events.push(told)
    }
  }
  return events
}

/** What became of a gateway's settings when operators set some things, often what was so already. */
export const gatewayHistories = fc.array(commandArbitrary, { maxLength: 20, size: 'max' }).map(play)
