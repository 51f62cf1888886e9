import { expect, test } from 'vitest'
import { measureLag } from './lag.ts'
import { newestTimeline, primaryOf, rolesOf, type Seen } from './roles.ts'

const primary = (timeline: number): Seen => ({ sighting: { role: 'primary', timeline, lsn: 1n }, behindMs: 0 })
const replica = (timeline: number, behindMs: number, connected = true): Seen => ({
  sighting: { role: 'replica', timeline, lsn: 1n, connected },
  behindMs,
})
const lost: Seen = { sighting: { role: 'lost', reason: 'gone' }, behindMs: 0 }
const unseen: Seen = { behindMs: 0 }

const assigned = (hosts: readonly Seen[], known = 0, current?: number) => {
  const newest = newestTimeline(hosts, known)
  return rolesOf(hosts, newest, primaryOf(hosts, newest, current), 1_000)
}

test.each([
  ['a primary and its replica', [primary(1), replica(1, 10)], 0, undefined, ['primary', 'replica']],
  ['a replica far behind', [primary(1), replica(1, 1_001)], 0, undefined, ['primary', 'behind']],
  ['a replica of nobody', [primary(1), replica(1, 0, false)], 0, undefined, ['primary', 'behind']],
  ['a replica of an earlier primary', [primary(2), replica(1, 0)], 0, undefined, ['primary', 'behind']],
  ['a promoted replica', [lost, primary(2)], 1, 0, ['lost', 'primary']],
  ['the old primary comes back', [primary(1), primary(2)], 2, 1, ['oldPrimary', 'primary']],
  ['the old primary is back before we noticed', [primary(1), primary(2)], 1, 0, ['oldPrimary', 'primary']],
  ['the old primary alone is no primary', [primary(1), lost], 2, 1, ['oldPrimary', 'lost']],
  ['a replica speaks of a newer primary', [primary(1), replica(2, 0), lost], 0, 0, ['oldPrimary', 'replica', 'lost']],
  ['two that cannot be told apart', [primary(1), primary(1)], 1, 1, ['oldPrimary', 'primary']],
  ['nobody was looked at', [unseen, lost], 0, undefined, ['unseen', 'lost']],
] as const)('%s', (_, hosts, known, current, roles) => {
  expect(assigned(hosts, known, current)).toEqual(roles)
})

test('a replica is as far behind as it is long that the primary had what it has', () => {
  const lag = measureLag()
  expect(lag.behindMs(100, 5n)).toBe(Number.POSITIVE_INFINITY)
  lag.note(100, 10n)
  lag.note(600, 20n)
  lag.note(1_100, 20n)
  lag.note(1_600, 30n)
  expect([30n, 25n, 19n, 9n].map((lsn) => lag.behindMs(1_700, lsn))).toEqual([
    100,
    600,
    1_600,
    Number.POSITIVE_INFINITY,
  ])
  lag.forget()
  expect(lag.behindMs(1_700, 30n)).toBe(Number.POSITIVE_INFINITY)
})
