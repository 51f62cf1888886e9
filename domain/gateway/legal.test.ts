import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accept } from '../decider.ts'
import { gatewayStream } from '../event.ts'
import type { Told } from '../judge.ts'
import { firstIllegal } from '../legal.ts'
import { house } from '../merchant/role.ts'
import { gatewayHistories } from '../testing/gateway-history.ts'
import { disabled, enabled, upiLimited } from '../testing/gateways.ts'
import { registered } from '../testing/merchants.ts'
import { secondsLater } from '../testing/payments.ts'
import { isMadeBy, tampered, tamperingArbitrary } from '../testing/tampering.ts'
import type { GatewayCommand } from './command.ts'
import { decideGateway } from './decide.ts'
import type { GatewayEvent } from './event.ts'
import { evolveGateway, initialSettings } from './evolve.ts'
import type { GatewaySettings } from './state.ts'

const illegal = (events: readonly Told[]) => firstIllegal(gatewayStream('sandbox'), events)
const told = (...events: readonly GatewayEvent[]): readonly (Told & GatewayEvent)[] =>
  events.map((event, index) => ({ ...event, recordedAt: secondsLater(index), metadata: { merchantId: house } }))

const withData = (event: GatewayEvent, data: object): GatewayEvent =>
  ({ ...event, data: { ...event.data, ...data } }) as GatewayEvent

/** What can be asked of a gateway in the words of one event. */
const candidates = ({ data }: GatewayEvent): GatewayCommand[] => {
  const { gateway, enabled } = data
  const configure = { type: 'configureGateway', gateway, enabled } as const
  if (!('method' in data)) return [configure]
  return [configure, { type: 'setMethodRules', gateway, method: data.method, rules: { enabled, limits: data.limits } }]
}
const decider = {
  initialState: initialSettings,
  evolve: evolveGateway,
  decide: (command: GatewayCommand, settings: GatewaySettings) => accept(...decideGateway(command, settings)),
} as const

test('every history that deciders make is legal', () => {
  fc.assert(
    fc.property(gatewayHistories, (events) => {
      expect(illegal(events)).toBeUndefined()
    }),
    { numRuns: 500 },
  )
})

test('one that was tampered with is legal only where some commands would have made it so', () => {
  const verdicts = new Set<string>()
  fc.assert(
    fc.property(gatewayHistories, tamperingArbitrary, (history, tampering) => {
      const events = tampered(history, tampering)
      const legal = illegal(events) === undefined
      verdicts.add(`${tampering.how} ${legal}`)
      expect(legal).toBe(isMadeBy<GatewaySettings, GatewayCommand, GatewayEvent>(decider, candidates, events))
    }),
    { numRuns: 1_000, seed: 1 },
  )
  for (const how of ['removed', 'repeated', 'swapped']) expect(verdicts).toContain(`${how} false`)
})

test('any event once more is refused', () => {
  fc.assert(
    fc.property(gatewayHistories, (events) => {
      for (const [index, event] of events.entries()) expect(illegal(events.toSpliced(index, 0, event))).toBeDefined()
    }),
  )
})

describe('no decider gives', () => {
  test.each<[string, readonly Told[], number, string]>([
    [
      'what is so already',
      told(disabled, upiLimited, disabled),
      2,
      'GatewayConfigured stands where nothing was decided',
    ],
    ['the rules that are there', told(upiLimited, upiLimited), 1, 'MethodRulesSet stands where nothing was decided'],
    [
      'an event of another gateway',
      told(disabled, withData(enabled, { gateway: 'north' })),
      1,
      'GatewayConfigured is of another stream',
    ],
    [
      'an event of a merchant',
      told(disabled).map((event) => ({ ...event, metadata: { merchantId: '1042' } })),
      0,
      'GatewayConfigured has another merchant in its metadata',
    ],
    [
      'an event of another kind',
      [{ ...registered, recordedAt: secondsLater(0), metadata: { merchantId: '1042' } }],
      0,
      'MerchantRegistered is of another kind of stream',
    ],
    ['a member more', told(withData(upiLimited, { least: 1n })), 0, 'MethodRulesSet says more than was decided'],
  ])('%s', (_, events, revision, reason) => {
    expect(illegal(events)).toEqual({ revision, reason })
  })
})

// For these there are the hashes, which chain each event to the one before it.
describe('cannot be seen, because no rule depends on it:', () => {
  test.each<[string, readonly Told[]]>([
    ['that the end is missing', told(disabled)],
    ['that the beginning is missing', told(enabled)],
    ['another limit', told(withData(upiLimited, { limits: [] }))],
    ['another order of what does not touch', told(upiLimited, disabled)],
  ])('%s', (_, events) => {
    expect(illegal(events)).toBeUndefined()
  })
})
