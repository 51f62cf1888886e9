import { expect, test } from 'vitest'
import { disabled, enabled, foldGateway, someLimits, upiLimited } from '../testing/gateways.ts'
import type { GatewayCommand } from './command.ts'
import { decideGateway } from './decide.ts'
import type { GatewayEvent } from './event.ts'
import { noRules } from './rules.ts'

const configure = (isEnabled: boolean): GatewayCommand => ({
  type: 'configureGateway',
  gateway: 'sandbox',
  enabled: isEnabled,
})
const setUpi: GatewayCommand = {
  type: 'setMethodRules',
  gateway: 'sandbox',
  method: 'upi',
  rules: someLimits,
}
const [limit] = someLimits.limits
const upiWith = (changed: object): GatewayCommand => ({
  type: 'setMethodRules',
  gateway: 'sandbox',
  method: 'upi',
  rules: { enabled: true, limits: [{ ...limit, ...changed }] },
})

type Row = readonly [why: string, given: readonly GatewayEvent[], when: GatewayCommand, then: readonly GatewayEvent[]]
const rows: readonly Row[] = [
  ['a gateway disabled', [], configure(false), [disabled]],
  ['enabled again', [disabled], configure(true), [enabled]],
  ['enabled before anybody had configured it', [], configure(true), [enabled]],
  ['what is so already', [disabled], configure(false), []],
  ['rules for a method', [], setUpi, [upiLimited]],
  ['the same rules again', [disabled, upiLimited], setUpi, []],
  [
    'rules that allow what is allowed anyway, but were not set',
    [],
    { type: 'setMethodRules', gateway: 'sandbox', method: 'qr', rules: noRules },
    [{ type: 'MethodRulesSet', data: { gateway: 'sandbox', method: 'qr', enabled: true, limits: [] } }],
  ],
  [
    'rules in the place of others',
    [upiLimited],
    { type: 'setMethodRules', gateway: 'sandbox', method: 'upi', rules: { enabled: false, limits: [] } },
    [{ type: 'MethodRulesSet', data: { gateway: 'sandbox', method: 'upi', enabled: false, limits: [] } }],
  ],
  ...[{ minAmount: 51n }, { maxAmount: 149n }, { currency: 'EUR' }].map(
    (changed): Row => [
      `another ${Object.keys(changed).join()}`,
      [upiLimited],
      upiWith(changed),
      [
        {
          type: 'MethodRulesSet',
          data: { gateway: 'sandbox', method: 'upi', enabled: true, limits: [{ ...limit, ...changed }] },
        },
      ],
    ],
  ),
]
test.each(rows)('%s', (_why, given, when, then) => {
  expect(decideGateway(when, foldGateway(given))).toEqual(then)
})

test('the settings are what was set last', () => {
  expect(foldGateway([])).toEqual({ enabled: true, methods: new Map(), revision: -1 })
  expect(foldGateway([disabled, upiLimited, enabled])).toEqual({
    enabled: true,
    methods: new Map([['upi', someLimits]]),
    revision: 2,
  })
})
