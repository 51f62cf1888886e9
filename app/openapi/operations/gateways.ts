import type { GatewayResource } from '../../../domain/gateway/resource.ts'
import type { Answer, Operation } from '../operation.ts'
import { body, found, operator, staff } from './common.ts'

const sandbox: GatewayResource = {
  name: 'sandbox',
  enabled: true,
  methods: [
    { method: 'upi', enabled: true, limits: [{ currency: 'INR', minAmount: 100, maxAmount: 10_000_000 }] },
    { method: 'bnpl', enabled: false, limits: [] },
  ],
}

const changed: readonly Answer[] = [found('The gateway', 'Gateway', sandbox)]

/** What is said of a change. */
const takesEffect =
  'Counts for payments and increments from now on; instances other than the one that answered hear of it within about a second (five while they have no shared cache). Can be repeated.'

/** What operators set for gateways. */
export const gateways: readonly Operation[] = [
  {
    id: 'listGateways',
    method: 'get',
    path: '/v1/gateways',
    tag: 'Gateways',
    summary: 'List the gateways',
    description: 'All that this installation has, with what was set for them.',
    roles: staff,
    answers: [found('Each gateway', 'Gateways', { data: [sandbox] })],
    problems: ['eventStoreUnavailable'],
  },
  {
    id: 'getGateway',
    method: 'get',
    path: '/v1/gateways/{name}',
    tag: 'Gateways',
    summary: 'Get a gateway',
    description: 'One for which nothing was set is enabled and has no rules.',
    roles: staff,
    answers: [found('The gateway', 'Gateway', sandbox)],
    problems: ['gatewayNotFound', 'eventStoreUnavailable'],
  },
  {
    id: 'configureGateway',
    method: 'put',
    path: '/v1/gateways/{name}',
    tag: 'Gateways',
    summary: 'Enable or disable a gateway',
    description: `A disabled gateway takes no new payments and raises none. What was paid through it can be captured, voided and refunded all the same, and outcomes that are open are still asked for: money can always come back. ${takesEffect}`,
    roles: operator,
    body: { schema: 'GatewayConfigRequest', examples: { disabled: { enabled: false } } },
    answers: changed,
    problems: [...body, 'conflict', 'gatewayNotFound'],
  },
  {
    id: 'setMethodRules',
    method: 'put',
    path: '/v1/gateways/{name}/methods/{method}',
    tag: 'Gateways',
    summary: 'Set the rules for a payment method',
    description: `All rules for payments by the method through this gateway, in the place of those before. A limit holds for a payment's amount and for an increment's new total; a currency without one is not limited. ${takesEffect}`,
    roles: operator,
    body: {
      schema: 'MethodRulesRequest',
      examples: {
        limited: { enabled: true, limits: [{ currency: 'INR', minAmount: 100, maxAmount: 10_000_000 }] },
        refused: { enabled: false },
      },
    },
    answers: changed,
    problems: [...body, 'conflict', 'gatewayNotFound', 'notFound'],
  },
]
