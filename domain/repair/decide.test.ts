import { expect, test } from 'vitest'
import { repairStream } from '../event.ts'
import { firstIllegal } from '../legal.ts'
import { house } from '../merchant/role.ts'
import { secondsLater } from '../testing/payments.ts'
import { foldRepair, made, ordered, repairId, someOrder } from '../testing/repairs.ts'
import type { RepairCommand } from './command.ts'
import { decideRepair } from './decide.ts'
import { kinds, methodFor, type Where } from './difference.ts'
import type { RepairEvent } from './event.ts'

const order: RepairCommand = { type: 'orderRepair', repairId, ...someOrder }
const record: RepairCommand = { type: 'recordRepair', repairId, outcome: 'made' }

test.each<[why: string, given: readonly RepairEvent[], when: RepairCommand, then: readonly RepairEvent[]]>([
  ['an order', [], order, [ordered]],
  ['the same order again', [ordered], order, []],
  ['what was made of it', [ordered], record, [made]],
  ['the same again, after a crash', [ordered, made], record, []],
  ['what nobody has ordered', [], record, []],
])('%s', (_why, given, when, then) => {
  expect(decideRepair(when, foldRepair(given))).toEqual(then)
})

const illegal = (...events: readonly RepairEvent[]) =>
  firstIllegal(
    repairStream(repairId),
    events.map((event, index) => ({ ...event, recordedAt: secondsLater(index), metadata: { merchantId: house } })),
  )

test('a repair is ordered once and made once, in this order', () => {
  expect(illegal(ordered, made)).toBeUndefined()
  expect(illegal(made)).toMatchObject({ revision: 0 })
  expect(illegal(ordered, ordered)).toMatchObject({ revision: 1 })
  expect(illegal(ordered, made, made)).toMatchObject({ revision: 2 })
})

test('what a topic has wrongly stays there, and only what it lacks is sent again', () => {
  const of = (where: Where) => kinds.map((kind) => methodFor(where, kind))
  expect(of('kafka')).toEqual(['republish', 'acknowledge', 'republish', 'acknowledge'])
  expect(new Set([...of('postgres'), ...of('redis')])).toEqual(new Set(['reproject', 'drop']))
})
